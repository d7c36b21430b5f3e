/** Where results are kept between runs. */
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The folder that the user has set, else the platform's place for caches: $XDG_CACHE_HOME/noether or ~/.cache/noether,
 * ~/Library/Caches/noether on macOS, %LOCALAPPDATA%\noether\Cache on Windows.
 */
export function cacheFolder(
  setting = '',
  env: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  if (setting) return resolve(setting);
  // The XDG rules: a relative path is to be ignored.
  const xdg = env.XDG_CACHE_HOME;
  if (xdg && isAbsolute(xdg)) return join(xdg, 'noether');
  if (platform === 'win32' && env.LOCALAPPDATA) return join(env.LOCALAPPDATA, 'noether', 'Cache');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'noether');
  return join(homedir(), '.cache', 'noether');
}

/** Where the weights of trainings are kept. Parameters as in {@link cacheFolder}. */
export function weightsFolder(setting = ''): string {
  return join(cacheFolder(setting), 'weights');
}
