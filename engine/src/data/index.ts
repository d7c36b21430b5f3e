/** Readers and writers of the field's file formats, and datasets made of them. */
export { readSafetensors, type Safetensors } from './safetensors.ts';
export { encodeSafetensors, type SafetensorsOptions, writeSafetensors } from './safetensors-write.ts';
