/** Readers and writers of the field's file formats, and datasets made of them. */
export { readCsv } from './csv.ts';
export type { ContactWindows, DataField, DataLimits, DataSpec, Dataset, Sample } from './dataset.ts';
export { type DataFormat, dataFormats } from './formats.ts';
export type { Frame } from './frames.ts';
export { type FileArray, inspectDataFile } from './inspect.ts';
export { defaultDataLimits } from './limits.ts';
export { loadDataset } from './load.ts';
export { readNpy } from './npy.ts';
export { readNpz } from './npz.ts';
export { readSafetensors, type Safetensors } from './safetensors.ts';
export { encodeSafetensors, type SafetensorsOptions, writeSafetensors } from './safetensors-write.ts';
export { readXyz } from './xyz.ts';
