/**
 * Tells the client of the trainings that it asked for, whenever they change: after a step, and after an edit, since another
 * text is another training. Nothing is sent to a client that does not ask.
 */
import type { TrainingInfo } from '../protocol.ts';

export interface TrainingFeedContext {
  /** The training as it is now, in the text as it is now. */
  info(uri: string, id: string): TrainingInfo;
  send(info: TrainingInfo): void;
}

/** Milliseconds between two messages about one training: an eye does not follow more, and a curve is not small. */
const pause = 200;

interface Followed {
  readonly uri: string;
  readonly id: string;
  sent: string;
  timer?: NodeJS.Timeout;
}

export class TrainingFeed {
  private readonly context: TrainingFeedContext;
  private readonly followed = new Map<string, Followed>();

  constructor(context: TrainingFeedContext) {
    this.context = context;
  }

  /** The training as it is now; from here on its changes are sent. */
  follow(uri: string, id: string): TrainingInfo {
    const info = this.context.info(uri, id);
    const key = `${uri} ${id}`;
    if (!this.followed.has(key)) this.followed.set(key, { uri, id, sent: JSON.stringify(info) });
    return info;
  }

  /** Nobody looks at it any more. */
  unfollow(uri: string, id: string): void {
    const key = `${uri} ${id}`;
    clearTimeout(this.followed.get(key)?.timer);
    this.followed.delete(key);
  }

  /** Something about the trainings of a document, or of all, may have changed. */
  changed(uri?: string): void {
    for (const each of this.followed.values()) {
      if (uri !== undefined && each.uri !== uri) continue;
      each.timer ??= setTimeout(() => {
        each.timer = undefined;
        this.tell(each);
      }, pause);
    }
  }

  dispose(): void {
    for (const { timer } of this.followed.values()) clearTimeout(timer);
    this.followed.clear();
  }

  private tell(each: Followed): void {
    const info = this.context.info(each.uri, each.id);
    const text = JSON.stringify(info);
    if (text === each.sent) return;
    each.sent = text;
    this.context.send(info);
  }
}
