/** Which values of a graph another one is computed from, when only some are shown. */

/**
 * The shown values that a value is computed from, through whatever is not shown.
 * @param nodes names of their inputs and outputs
 */
export function sourcesIn(
  nodes: readonly { readonly input: readonly string[]; readonly output: readonly string[] }[],
  shown: ReadonlySet<string>,
): (name: string) => string[] {
  const inputs = new Map(nodes.flatMap(({ input, output }) => output.map((name) => [name, input] as const)));
  const known = new Map<string, readonly string[]>();
  const sources = (name: string): readonly string[] => {
    const before = known.get(name);
    if (before) return before;
    const own = (inputs.get(name) ?? []).flatMap((input) => (shown.has(input) ? [input] : sources(input)));
    const distinct = [...new Set(own)];
    known.set(name, distinct);
    return distinct;
  };
  return (name) => [...sources(name)];
}
