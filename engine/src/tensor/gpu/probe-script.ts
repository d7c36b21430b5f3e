/** The program that tries a graphics adapter in a process of its own. Plain JavaScript, run with `node -e`. */

/** Renderers that run on the processor: slower than wasm, and less accurate. */
const software = 'swiftshader|llvmpipe|lavapipe|software|basic render';

/** Doubles and takes the exponential, so that a driver that compiles but computes nonsense is found out. */
const shader = `
@group(0) @binding(0) var<storage, read_write> data: array<f32>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) { data[id.x] = exp(2 * data[id.x]); }`;

/**
 * Prints one line of JSON: `{"adapter", "software"}`, or `{"reason"}`.
 * @param dawn URL of the package's main file
 */
export function probeScript(dawn: string): string {
  return `
const { create, globals } = await import(${JSON.stringify(dawn)});
const { GPUBufferUsage: usage, GPUMapMode } = globals;
const gpu = create([]);
const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
const answer = (what) => console.log(JSON.stringify(what));
if (!adapter) answer({ reason: 'there is no graphics adapter' });
else {
  const { vendor, device: model, description, isFallbackAdapter } = adapter.info;
  const name = [vendor, description || model].filter(Boolean).join(' ') || 'unnamed adapter';
  const device = await adapter.requestDevice();
  device.pushErrorScope('validation');
  const size = 256;
  const data = device.createBuffer({ size, usage: usage.STORAGE | usage.COPY_SRC, mappedAtCreation: true });
  new Float32Array(data.getMappedRange()).fill(1);
  data.unmap();
  const result = device.createBuffer({ size, usage: usage.COPY_DST | usage.MAP_READ });
  const module = device.createShaderModule({ code: ${JSON.stringify(shader)} });
  const pipeline = device.createComputePipeline({ layout: 'auto', compute: { module, entryPoint: 'main' } });
  const group = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0), entries: [{ binding: 0, resource: { buffer: data } }],
  });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  pass.dispatchWorkgroups(1);
  pass.end();
  encoder.copyBufferToBuffer(data, 0, result, 0, size);
  device.queue.submit([encoder.finish()]);
  const error = await device.popErrorScope();
  await result.mapAsync(GPUMapMode.READ);
  const wrong = new Float32Array(result.getMappedRange()).find((x) => !(Math.abs(x - Math.exp(2)) < 1e-3));
  result.unmap();
  device.destroy();
  if (error) answer({ reason: name + ' refuses a small program: ' + error.message.split('\\n')[0] });
  else if (wrong !== undefined) answer({ reason: name + ' computes wrongly: exp(2) is ' + wrong });
  else answer({ adapter: name, software: Boolean(isFallbackAdapter) || /${software}/i.test(name) });
}`;
}
