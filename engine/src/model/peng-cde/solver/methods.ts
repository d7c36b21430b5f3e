/** Explicit Runge-Kutta methods with what fills in between their steps. Pure numbers. */

export interface Method {
  readonly name: string;
  readonly order: number;
  /** Stage times as shares of the step. */
  readonly c: readonly number[];
  /** Row i: what stage i takes of the stages before it. */
  readonly a: readonly (readonly number[])[];
  readonly b: readonly number[];
  /** b minus the weights of the embedded method: the local error is h sum(e_i k_i). */
  readonly error?: readonly number[];
  /** The last stage is the first one of the next step. */
  readonly reusesLast: boolean;
  /** Weights of the stages at a share theta of the step: y(theta) = y0 + h sum(weight_i k_i). */
  between(theta: number): number[];
}

/** Heun's second-order method; between steps a parabola through both slopes. */
const heun: Method = {
  name: 'heun',
  order: 2,
  c: [0, 1],
  a: [[], [1]],
  b: [1 / 2, 1 / 2],
  error: [-1 / 2, 1 / 2],
  reusesLast: false,
  between: (x) => [x - x ** 2 / 2, x ** 2 / 2],
};

/** The classical method of Kutta. */
const rk4: Method = {
  name: 'rk4',
  order: 4,
  c: [0, 1 / 2, 1 / 2, 1],
  a: [[], [1 / 2], [0, 1 / 2], [0, 0, 1]],
  b: [1 / 6, 1 / 3, 1 / 3, 1 / 6],
  reusesLast: false,
  between: (x) => {
    const middle = x ** 2 - (2 / 3) * x ** 3;
    return [x - (3 / 2) * x ** 2 + (2 / 3) * x ** 3, middle, middle, -(x ** 2) / 2 + (2 / 3) * x ** 3];
  },
};

const dopri5Weights = [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84, 0];

/** Weights at the middle of the step (Shampine 1986). */
const dopri5Middle = [
  6025192743 / 30085553152 / 2,
  0,
  51252292925 / 65400821598 / 2,
  -2691868925 / 45128329728 / 2,
  187940372067 / 1594534317056 / 2,
  -1776094331 / 19743644256 / 2,
  11237099 / 235043384 / 2,
];

/** Dormand & Prince 1980; between steps the quartic through both ends, both slopes and the middle. */
const dopri5: Method = {
  name: 'dopri5',
  order: 5,
  c: [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1],
  a: [
    [],
    [1 / 5],
    [3 / 40, 9 / 40],
    [44 / 45, -56 / 15, 32 / 9],
    [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
    [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
    dopri5Weights.slice(0, 6),
  ],
  b: dopri5Weights,
  error: [
    35 / 384 - 1951 / 21600,
    0,
    500 / 1113 - 22642 / 50085,
    125 / 192 - 451 / 720,
    -2187 / 6784 + 12231 / 42400,
    11 / 84 - 649 / 6300,
    -1 / 60,
  ],
  reusesLast: true,
  between: (x) =>
    dopri5Weights.map((end, i) => {
      const middle = dopri5Middle[i]!;
      const first = i === 0 ? 1 : 0;
      const last = i === 6 ? 1 : 0;
      const quartic = 2 * (last - first) - 8 * end + 16 * middle;
      const cubic = 5 * first - 3 * last + 14 * end - 32 * middle;
      const square = last - 4 * first - 5 * end + 16 * middle;
      return x * (first + x * (square + x * (cubic + x * quartic)));
    }),
};

const tsit5Weights = [
  0.09646076681806523, 0.01, 0.4798896504144996, 1.379008574103742, -3.290069515436081, 2.324710524099774, 0,
];

/** Tsitouras 2011, with the continuous extension of the same paper. */
const tsit5: Method = {
  name: 'tsit5',
  order: 5,
  c: [0, 0.161, 0.327, 0.9, 0.9800255409045097, 1, 1],
  a: [
    [],
    [0.161],
    [-0.008480655492356989, 0.335480655492357],
    [2.8971530571054935, -6.359448489975075, 4.3622954328695815],
    [5.325864828439257, -11.748883564062828, 7.4955393428898365, -0.09249506636175525],
    [5.86145544294642, -12.92096931784711, 8.159367898576159, -0.071584973281401, -0.028269050394068383],
    tsit5Weights.slice(0, 6),
  ],
  b: tsit5Weights,
  error: [
    0.001780011052225777,
    0.0008164344596567469,
    -0.007880878010261995,
    0.1447110071732629,
    -0.5823571654525552,
    0.45808210592918697,
    -1 / 66,
  ],
  reusesLast: true,
  between: (x) => {
    const square = x ** 2;
    return [
      -1.0530884977290216 *
        x *
        (x - 1.329989018975141) *
        (square - 1.4364028541716352 * x + 0.7139816917074209),
      0.1017 * square * (square - 2.1966568338249752 * x + 1.294985250737463),
      2.490627285651253 * square * (square - 2.3853564547206165 * x + 1.578034682080925),
      -16.548102889244902 * (x - 1.2171292729553325) * (x - 0.6162040603780009) * square,
      47.37952196281928 * (x - 1.2030712083723627) * (x - 0.6580472926535474) * square,
      -34.87065786149661 * (x - 1.2) * (x - 2 / 3) * square,
      2.5 * (x - 1) * (x - 0.6) * square,
    ];
  },
};

export const methods = { heun, rk4, dopri5, tsit5 } as const;
export type MethodName = keyof typeof methods;
