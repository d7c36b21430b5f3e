/**
 * Operators that ONNX runtimes have in float32 but not in float64, as data.
 *
 * Measured on onnxruntime-node 1.30.0 and onnxruntime-web 1.30.0, which agree: every case of the ONNX project's operator
 * tests (package onnx 1.23.2, onnx.backend.test.case.node; the 819 cases that open in float32 and have a float32 input or
 * output) was widened without the formulas of twin-replace.ts, opened and run. An operator is listed when all its cases
 * opened in float32 and none ran in float64; LSTM and GRU open and then refuse to run.
 *
 * Accuracy, in the same cases with the formulas: 107 operators were compared with onnx.reference (numpy) in float64, or
 * with a few lines of numpy where that reference computes in float32. They agree to 1e-13 or better, with two exceptions:
 * the inverse real DFT (1e-8) and Attention with the masks of opset 24, neither of which has been looked into.
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
