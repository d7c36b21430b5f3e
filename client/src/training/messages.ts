/** What the page of a training and the extension say to each other. */
import type { TrainingInfo } from '@noether/server/protocol';

/** Extension -> page: the training as it is now. */
export interface ToPage {
  readonly info: TrainingInfo;
}

/** Page -> extension: the page is there, or its button was pressed. */
export type FromPage = 'ready' | NonNullable<TrainingInfo['action']>;

/** What the page keeps over a reload of the window: which training it shows, and nothing that could be out of date. */
export interface PageState {
  readonly uri: string;
  readonly id: string;
}
