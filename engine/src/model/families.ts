/** The families that Noether ships, as pure data. */
import type { FamilyDescription } from './description.ts';
import { equiTabPfn, tabPfn } from './equitabpfn/description.ts';
import { lloca } from './lloca/description.ts';
import { pengCde } from './peng-cde/description.ts';
import { rapidash } from './rapidash/description.ts';
import { rapidashDenoiser } from './rapidash-denoiser/description.ts';

export const families: readonly FamilyDescription[] = [
  rapidash,
  rapidashDenoiser,
  lloca,
  pengCde,
  equiTabPfn,
  tabPfn,
];
