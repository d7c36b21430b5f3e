import { describe, expect, it } from 'vitest';
import manifest from '../../../package.json' with { type: 'json' };
import { defaultSettings, readSettings, SettingsStore } from './settings.ts';

describe('settings', () => {
  it('take what fits, and name what does not', () => {
    const { settings, rejected } = readSettings({
      run: 'onCommand',
      elements: 8,
      workers: 0,
      backend: 'tpu',
      seed: 1.5,
    });
    expect(settings).toEqual({ ...defaultSettings, run: 'onCommand', elements: 8 });
    expect(rejected).toEqual(['workers', 'backend', 'seed']);
  });

  it('are the defaults without an answer', () => {
    for (const configured of [undefined, null, 'noether', []]) {
      expect(readSettings(configured)).toEqual({ settings: defaultSettings, rejected: [] });
    }
  });

  it('may differ between folders', async () => {
    const store = new SettingsStore();
    store.useClient(async (uri) => ({ elements: uri.includes('/a/') ? 8 : 16 }));
    expect((await store.get('file:///a/x.equi')).elements).toBe(8);
    expect((await store.get('file:///b/x.equi')).elements).toBe(16);
  });

  it('are asked for once, until they change', async () => {
    let asked = 0;
    let changes = 0;
    const store = new SettingsStore();
    store.onChange(() => changes++);
    store.useClient(async () => ({ elements: ++asked }));
    await store.get('file:///a.equi');
    expect((await store.get('file:///a.equi')).elements).toBe(1);
    store.configurationChanged({ settings: null });
    expect((await store.get('file:///a.equi')).elements).toBe(2);
    expect(changes).toBe(2);
  });

  it('come by push from a client that cannot be asked, or that refuses', async () => {
    const store = new SettingsStore();
    store.configurationChanged({ settings: { noether: { elements: 5 } } });
    expect((await store.get('file:///a.equi')).elements).toBe(5);
    store.useClient(async () => Promise.reject(new Error('no such method')));
    expect((await store.get('file:///a.equi')).elements).toBe(5);
  });

  it('warn once about a value that cannot be used', async () => {
    const warnings: string[] = [];
    const store = new SettingsStore((message) => warnings.push(message));
    store.useClient(async () => ({ workers: -1 }));
    await store.get('file:///a.equi');
    await store.get('file:///b.equi');
    expect(warnings).toEqual([
      'The setting noether.workers has a value that cannot be used; its default is used instead.',
    ]);
  });

  const documented = (
    manifest as { contributes?: { configuration?: { properties: Record<string, { default: unknown }> } } }
  ).contributes?.configuration?.properties;

  it.runIf(documented)('have the defaults that the manifest documents', () => {
    for (const [name, value] of Object.entries(defaultSettings)) {
      expect({ [name]: documented![`noether.${name}`]?.default }).toEqual({ [name]: value });
    }
  });
});
