/**
 * Operators that ONNX runtimes have in float32 but not in float64, as data.
 *
 * Measured on onnxruntime-node 1.30.0 and onnxruntime-web 1.30.0, which agree: every case of the ONNX project's operator
 * tests (package onnx 1.23.2, onnx.backend.test; 819 cases that open in float32 and have float32 inputs or outputs) was
 * widened by twin-widen.ts, opened and run. An operator is listed when all its cases opened in float32 and none ran in
 * float64; LSTM and GRU open and then refuse to run. All other operators returned the expected outputs. Those with a
 * formula in twin-replace.ts never get this far, except in uses that the formula leaves out.
 */
const onlyInFloat32: ReadonlySet<string> = new Set([
  'Acos',
  'Acosh',
  'Asin',
  'Asinh',
  'Atan',
  'Atanh',
  'AveragePool',
  'Col2Im',
  'Conv',
  'ConvTranspose',
  'Cosh',
  'Det',
  'DynamicQuantizeLinear',
  'Elu',
  'Erf',
  'GRU',
  'GlobalAveragePool',
  'GlobalMaxPool',
  'HardSigmoid',
  'Hardmax',
  'InstanceNormalization',
  'LRN',
  'LSTM',
  'LpPool',
  'MaxUnpool',
  'Mean',
  'MelWeightMatrix',
  'NonMaxSuppression',
  'QLinearConv',
  'QLinearMatMul',
  'RNN',
  'Resize',
  'RotaryEmbedding',
  'Selu',
  'Sinh',
  'Softplus',
  'Softsign',
  'Tan',
  'TfIdfVectorizer',
  'ThresholdedRelu',
  'Upsample',
]);

/** Those of `operators` that have no float64 kernel, in the given order. */
export function float32Only(operators: readonly string[]): string[] {
  return operators.filter((operator) => onlyInFloat32.has(operator));
}
