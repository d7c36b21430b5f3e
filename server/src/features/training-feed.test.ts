import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { TrainingInfo } from '../protocol.ts';
import { TrainingFeed } from './training-feed.ts';
import { goneTraining } from './training-info.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function feed() {
  let step = 0;
  const sent: string[] = [];
  const info = (uri: string, id: string): TrainingInfo => ({
    ...goneTraining(uri, id),
    summary: `step ${step}`,
  });
  const trainings = new TrainingFeed({ info, send: ({ id, summary }) => sent.push(`${id}: ${summary}`) });
  const advance = (uri: string) => {
    step++;
    trainings.changed(uri);
  };
  return { trainings, sent, advance };
}

it('tells of the trainings that were asked for, seldom enough, and always the newest', () => {
  const { trainings, sent, advance } = feed();
  advance('a');
  vi.runAllTimers();
  expect(sent).toEqual([]);
  expect(trainings.follow('a', 'one').summary).toBe('step 1');
  for (let i = 0; i < 10; i++) {
    advance('a');
    advance('b');
    vi.advanceTimersByTime(50);
  }
  vi.runAllTimers();
  expect(sent.length).toBeLessThanOrEqual(3);
  expect(sent.at(-1)).toBe('one: step 21');
});

it('says nothing where nothing has changed, and nothing after the panel is closed', () => {
  const { trainings, sent, advance } = feed();
  trainings.follow('a', 'one');
  trainings.changed('a');
  vi.runAllTimers();
  expect(sent).toEqual([]);
  advance('a');
  trainings.unfollow('a', 'one');
  vi.runAllTimers();
  advance('a');
  vi.runAllTimers();
  expect(sent).toEqual([]);
});
