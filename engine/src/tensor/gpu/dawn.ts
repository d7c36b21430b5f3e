/** Dawn, the WebGPU of Chromium, as the npm package `webgpu` brings it: finding it, and trying it where it cannot hurt. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { whyNot } from '../rungs/native.ts';
import { probeScript } from './probe-script.ts';

/** What a process that used the adapter tells, or the reason why it could not. */
export type GpuProbe = { readonly adapter: string; readonly software: boolean } | { readonly reason: string };

const requireHere = createRequire(import.meta.url);

/** The package's main file, or undefined when it is not installed. */
export function findDawn(): string | undefined {
  try {
    return requireHere.resolve('webgpu');
  } catch {
    return undefined;
  }
}

/** The files by which Linux shows a graphics device: Mesa's, NVIDIA's and Windows' (WSL). */
const deviceFiles = ['/dev/dri', '/dev/nvidiactl', '/dev/dxg'];

/** False where there is certainly no graphics device, so that nobody waits for a probe that must fail. */
export function mayHaveDevice(): boolean {
  return process.platform !== 'linux' || deviceFiles.some((file) => existsSync(file));
}

/**
 * Loads Dawn, opens a device and computes with it, in a process of its own: a driver that crashes takes only that
 * process with it. `path` is what {@link findDawn} gave.
 */
export function probeDawn(path: string): Promise<GpuProbe> {
  return new Promise((resolve) => {
    // In VS Code the executable is Electron, which is Node only when told so.
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1', NODE_OPTIONS: '' };
    const script = probeScript(pathToFileURL(path).href);
    const args = ['--input-type=module', '-e', script];
    execFile(process.execPath, args, { env, timeout: 60_000 }, (error, stdout, stderr) => {
      const line = stdout.split('\n').find((text) => text.startsWith('{"'));
      if (error || !line) resolve({ reason: whyNot(error ?? {}, stderr) });
      else resolve(JSON.parse(line) as GpuProbe);
    });
  });
}
