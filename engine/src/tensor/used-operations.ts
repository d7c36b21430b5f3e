/** Which operations of the tensor library a source text uses, for the suite that holds each against a case. */
import type { TensorLibrary } from './runtime.ts';

/** Groups of operations within the library. */
const groups = ['image', 'linalg', 'losses', 'signal', 'sparse', 'spectral', 'string'];

/**
 * Names of operations: taken by `tf.name` or `….tf.name`, also within a group (`tf.spectral.name`), or by destructuring. Functions of the
 * library that are no operations (`tidy`, `memory`) are left out.
 */
export function operationsIn(text: string, tf: TensorLibrary): string[] {
  const names = new Set<string>();
  const take = (from: unknown, name: string) => {
    const value = (from as Record<string, unknown> | undefined)?.[name];
    if (isOperation(value)) names.add(name);
  };
  for (const [, name, inner] of text.matchAll(/\btf\s*\.\s*(\w+)(?:\s*\.\s*(\w+))?/g)) {
    if (groups.includes(name!) && inner) take(tf[name as keyof TensorLibrary], inner);
    else take(tf, name!);
  }
  for (const [, list] of text.matchAll(/\{([^{}]*)\}\s*=\s*(?:\w+\s*\.\s*)*tf\b(?!\s*[.(])/g)) {
    for (const item of list!.split(',')) take(tf, item.split(':')[0]!.trim());
  }
  return [...names];
}

/** The library gives its operations names of their own. */
function isOperation(value: unknown): boolean {
  return typeof value === 'function' && value.name.endsWith('__op');
}
