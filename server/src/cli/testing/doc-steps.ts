/** A page of the documentation as files to write and commands to run. */

/** What the page asks for, in its order. `needs` is the Python package without which a step cannot be done. */
export type Step = { readonly needs: string } & (
  | { readonly kind: 'file'; readonly name: string; readonly text: string }
  | { readonly kind: 'folder'; readonly from: string; readonly name: string }
  | { readonly kind: 'command'; readonly command: string }
);

export function stepsOf(text: string): Step[] {
  const steps: Step[] = [];
  let needs = 'numpy';
  const part =
    /<!-- needs: (?<needs>\w+) -->|<!-- folder: (?<from>\S+) -> (?<to>\S+) -->|<!-- file: (?<file>\S+) -->\n```\w+\n(?<text>[\s\S]*?)```|```console\n(?<commands>[\s\S]*?)```/g;
  for (const { groups } of text.matchAll(part)) {
    const found = groups as Record<string, string | undefined>;
    if (found.needs) needs = found.needs === 'nothing' ? 'numpy' : found.needs;
    else if (found.from) steps.push({ needs, kind: 'folder', from: found.from, name: found.to! });
    else if (found.file) steps.push({ needs, kind: 'file', name: found.file, text: found.text! });
    for (const line of found.commands?.split('\n') ?? []) {
      if (line.startsWith('$ ')) steps.push({ needs, kind: 'command', command: line.slice(2) });
    }
  }
  return steps;
}
