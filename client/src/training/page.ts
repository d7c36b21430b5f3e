/** Runs inside the panel: draws what the extension sends. Its colours are those of the editor's theme. */
import type { TrainingInfo } from '@noether/server/protocol';
import type { FromPage, PageState, ToPage } from './messages.ts';
import { plotOf } from './plot.ts';

declare function acquireVsCodeApi(): {
  postMessage(message: FromPage): void;
  setState(state: PageState): void;
};

const editor = acquireVsCodeApi();
const element = <T extends Element = HTMLElement>(id: string): T => document.querySelector<T>(`#${id}`) as T;
const [title, summary, facts, button] = ['title', 'summary', 'facts', 'button'].map((id) => element(id));
const svg = element<SVGSVGElement>('plot');

const size = { width: 640, height: 320 };
const frame = { left: 64, right: 612, top: 12, bottom: 280 };
const actions = { train: 'Train', resume: 'Resume', stop: 'Stop' } as const;
let action: TrainingInfo['action'];

window.addEventListener('message', ({ data }: MessageEvent<ToPage>) => show(data.info));
button!.addEventListener('click', () => action && editor.postMessage(action));
editor.postMessage('ready');

function show(info: TrainingInfo): void {
  editor.setState({ uri: info.uri, id: info.id });
  action = info.action;
  // A screen reader is told when the state changes, not five times a second.
  if (document.body.dataset.state !== info.state) element('news').textContent = info.summary;
  document.body.dataset.state = info.state;
  title!.textContent = info.title;
  summary!.textContent = info.summary;
  button!.hidden = !action;
  button!.textContent = action ? actions[action] : '';
  facts!.replaceChildren(...info.facts.flatMap(({ name, text }) => [html('dt', name), html('dd', text)]));
  draw(info);
}

function draw(info: TrainingInfo): void {
  const plot = plotOf(info, frame);
  const drawn: SVGElement[] = [];
  for (const { at, text } of plot.y) {
    drawn.push(shape('line', { class: 'grid', x1: frame.left, x2: frame.right, y1: at, y2: at }));
    drawn.push(label(text, { x: frame.left - 8, y: at + 4, 'text-anchor': 'end' }));
  }
  for (const { at, text } of plot.x)
    drawn.push(label(text, { x: at, y: frame.bottom + 18, 'text-anchor': 'middle' }));
  const middle = (frame.left + frame.right) / 2;
  drawn.push(label('step', { x: middle, y: frame.bottom + 36, 'text-anchor': 'middle' }));
  for (const name of ['steps', 'loss', 'validation'] as const)
    drawn.push(shape('polyline', { class: name, points: plot[name] }));
  for (const { x, y, line, text } of plot.marks) {
    const mark = shape('circle', { class: line, cx: x, cy: y, r: plot.marks.length > 120 ? 1 : 3 });
    mark.append(shape('title', {}, text));
    drawn.push(mark);
  }
  svg.replaceChildren(...drawn);
  svg.setAttribute('viewBox', `0 0 ${size.width} ${size.height}`);
  svg.setAttribute('aria-label', `Learning curve of ${info.title}. ${info.summary}`);
  element('loss-name').textContent = `${info.loss}${plot.logarithmic ? ', logarithmic' : ''}`;
  element('legend').hidden = info.points.length + info.steps.length === 0;
  element('steps-name').hidden = plot.steps === '';
  element('validation-name').hidden = plot.validation === '';
  element('empty').hidden = info.points.length + info.steps.length > 0;
}

function html(name: string, text: string): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function label(text: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  return shape('text', attributes, text);
}

function shape(name: string, attributes: Readonly<Record<string, string | number>>, text = ''): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  if (text) made.textContent = text;
  return made;
}
