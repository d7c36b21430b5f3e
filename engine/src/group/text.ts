/** Groups as the language writes them. */
import { defaultRapidity, defaultScale } from './description.ts';
import type { GroupSpec } from './group.ts';

/** `SE(3, scale: 10) * S(atom)`; ranges are left out where they are the default. */
export function groupText(spec: GroupSpec): string {
  switch (spec.kind) {
    case 'trivial':
      return 'trivial';
    case 'S':
    case 'shift':
      return `${spec.kind}(${spec.index})`;
    case 'SO':
    case 'O':
      return `${spec.kind}(${spec.dim})`;
    case 'T':
    case 'SE':
    case 'E':
      return `${spec.kind}(${spec.dim}${spec.scale === defaultScale ? '' : `, scale: ${spec.scale}`})`;
    case 'Lorentz':
      return spec.rapidity === defaultRapidity ? 'Lorentz' : `Lorentz(rapidity: ${spec.rapidity})`;
    case 'Z2':
      return spec.index === undefined ? 'Z2' : `Z2(${spec.index})`;
    case 'C':
    case 'D':
      return `${spec.kind}(${spec.n})`;
    case 'product':
      return spec.factors.length ? spec.factors.map(groupText).join(' * ') : 'trivial';
  }
}
