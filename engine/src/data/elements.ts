/** Symbols of the chemical elements, by atomic number from 1 to 118. */
const symbols = `
H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr
Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu
Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr
Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og`
  .trim()
  .split(/\s+/);

const numbers = new Map(symbols.map((symbol, i) => [symbol, i + 1]));

/** Atomic number of an element symbol ("C" gives 6) or of a number written as text ("6"); undefined for anything else. */
export function atomicNumber(text: string): number | undefined {
  const number = /^\d{1,3}$/.test(text) ? Number(text) : numbers.get(text);
  return number !== undefined && number >= 1 && number <= symbols.length ? number : undefined;
}
