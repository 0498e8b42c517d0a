import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext } from 'playwright-core';

const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The Chromium to test in: NIGHTSHIFT_CHROMIUM, or where distributions put it. Nothing is installed here. */
export function chromiumPath(): string {
  const named = process.env.NIGHTSHIFT_CHROMIUM;
  const candidates = named === undefined ? usual : [named];
  const found = candidates.find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new Error(
    `no Chromium at ${candidates.join(', ')}: install one (Debian: apt-get install chromium) or name it in NIGHTSHIFT_CHROMIUM`,
  );
}

export interface TestBrowser {
  context: BrowserContext;
  close: () => Promise<void>;
}

/** A Chromium without a network, in a profile of its own that goes with it. */
export async function openChromium(): Promise<TestBrowser> {
  const profile = await mkdtemp(join(tmpdir(), 'nightshift-chromium-'));
  const discard = () => rm(profile, { recursive: true, force: true, maxRetries: 5 });
  try {
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: chromiumPath(),
      headless: true,
      // What bounds a wait is the test's own limit: the machine may be slow.
      timeout: 0,
      offline: true,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
    context.setDefaultTimeout(0);
    context.setDefaultNavigationTimeout(0);
    const close = async () => {
      await context.close();
      await discard();
    };
    return { context, close };
  } catch (error) {
    await discard();
    throw error;
  }
}
