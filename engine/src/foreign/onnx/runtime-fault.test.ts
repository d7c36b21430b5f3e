import { expect, test } from 'vitest';
import { missingOperator, openingFault, plainMessage } from './runtime-fault.ts';

const of = (message: string) =>
  openingFault(new Error(message), { file: '/net.onnx', runtime: 'onnxruntime-web 1.30.0' }).finding;

test('an operator without a kernel', () => {
  const message =
    "Can't create a session. ERROR_CODE: 9, ERROR_MESSAGE: Could not find an implementation for RoiAlign(22) node with name 'roi'";
  expect(of(message)).toMatchObject({
    code: 'model/onnx-unsupported-operator',
    message: 'onnxruntime-web 1.30.0 has no implementation of the operator RoiAlign as this model uses it',
    place: { file: '/net.onnx' },
  });
  expect(of('Fatal error: com.mine:Wobble(-1) is not a registered function/op').found).toBe(
    'com.mine.Wobble',
  );
});

test('versions that the runtime does not know', () => {
  const opset =
    "Can't create a session. ERROR_CODE: 1, ERROR_MESSAGE: /labs/s/onnxruntime/core/graph/model_load_utils.h:56 void f(const std::string &, int) ONNX Runtime only *guarantees* support for models stamped with official released onnx opset versions. Opset 27 is under development and support for this is limited. The operator schemas may change. Current official support for domain ai.onnx is till opset 26.";
  expect(of(opset).message).toBe('the model uses opset 27; onnxruntime-web 1.30.0 knows up to 26');
  const version =
    '/onnxruntime_src/onnxruntime/core/graph/model.cc:202 Model(ModelProto&&) Unsupported model IR version: 14, max supported IR version: 13';
  expect(of(version)).toMatchObject({
    code: 'model/onnx-unsupported-version',
    message: 'the model uses IR version 14; onnxruntime-web 1.30.0 knows up to 13',
  });
});

test('a type error is the graph’s fault, not a missing operator', () => {
  const message =
    "This is an invalid model. Type Error: Type 'tensor(double)' of input parameter (x) of operator (QLinearConv) in node () is invalid.";
  expect(of(message)).toMatchObject({
    code: 'model/onnx-rejected',
    message: `onnxruntime-web 1.30.0 does not accept the model: invalid model: ${message.slice(26)}`,
  });
  expect(missingOperator(new Error(message))).toBe('QLinearConv');
});

test('paths and signatures of the runtime’s own sources are left out', () => {
  const message =
    'Exception during initialization: /onnxruntime_src/onnxruntime/core/providers/cpu/rnn/deep_cpu_gru.h:56 onnxruntime::DeepCpuGruOp::DeepCpuGruOp(const onnxruntime::OpKernelInfo&) layout_ == 0 was false. Batchwise recurrent operations are not supported.\n';
  expect(plainMessage(new Error(message))).toBe(
    'layout_ == 0 was false. Batchwise recurrent operations are not supported.',
  );
  const running =
    "Non-zero status code returned while running Add node. Name:'a' Status Message: /onnxruntime_src/onnxruntime/core/x.h:1 void f(int) const [with T = float] axis == 1 was false.";
  expect(plainMessage(new Error(running))).toBe('axis == 1 was false.');
});
