/** All kernels of the module; scripts/kernels.ts compiles this file. Addresses are bytes in the imported memory. */
export { matmul, matmulScratch } from './matmul';
