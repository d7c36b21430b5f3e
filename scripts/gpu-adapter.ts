/**
 * Finds a graphics adapter for tests and benchmarks: the machine's own, else SwiftShader from an installed Chromium,
 * which computes on the processor.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface AdapterFound {
  /** What the runtime says: "google SwiftShader driver 5.0.0". */
  readonly adapter: string;
  readonly software: boolean;
  /** Environment of the process that uses it: the loader of Vulkan reads it once, at its start. */
  readonly env: NodeJS.ProcessEnv;
}

/** Where Linux distributions and Playwright put a browser's libraries. */
const browserFolders = [
  '/usr/lib/chromium',
  '/usr/lib64/chromium-browser',
  '/usr/lib/chromium-browser',
  '/opt/google/chrome',
  '/snap/chromium/current/usr/lib/chromium-browser',
];

/** The first adapter that computes, or one sentence why there is none. Starts a process for each try. */
export async function findAdapter(): Promise<AdapterFound | { readonly reason: string }> {
  const { findDawn, probeDawn } = await import('../engine/src/tensor/gpu/dawn.ts');
  const dawn = findDawn();
  if (!dawn) return { reason: 'the package webgpu is not installed' };
  const reasons: string[] = [];
  for (const env of [{}, ...browserFolders.flatMap(swiftShader)]) {
    const probe = await withEnvironment(env, () => probeDawn(dawn));
    if ('adapter' in probe) return { ...probe, env };
    reasons.push(probe.reason);
  }
  return {
    reason: `${reasons.at(-1)}; a graphics card, or Chromium with its SwiftShader, would provide one`,
  };
}

function swiftShader(folder: string): NodeJS.ProcessEnv[] {
  const driver = join(folder, 'vk_swiftshader_icd.json');
  if (!existsSync(driver)) return [];
  // Its own Vulkan loader lies beside it; a system's, where there is one, serves as well.
  const path = [dirname(driver), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');
  return [{ VK_ICD_FILENAMES: driver, VK_DRIVER_FILES: driver, LD_LIBRARY_PATH: path }];
}

async function withEnvironment<T>(env: NodeJS.ProcessEnv, work: () => Promise<T>): Promise<T> {
  const before = { ...process.env };
  Object.assign(process.env, env);
  try {
    return await work();
  } finally {
    for (const name of Object.keys(env)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
}
