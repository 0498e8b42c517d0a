import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { renderHtmlReport } from '../../../src/report/index.js';
import type { RunResult } from '../../../src/domain/cleanup/result.js';

export interface ReportPage {
  page: Page;
  /** All that went wrong or went out: console messages, exceptions, requests beyond the file itself. */
  trouble: string[];
  close: () => Promise<void>;
}

export interface View {
  width?: number;
  height?: number;
  colorScheme?: 'light' | 'dark';
}

/** Opens the report of a run as its readers do: from a file. */
export function openReport(
  context: BrowserContext,
  result: RunResult,
  view?: View,
): Promise<ReportPage> {
  return openHtml(context, renderHtmlReport(result), view);
}

export async function openHtml(
  context: BrowserContext,
  html: string,
  { width = 1280, height = 900, colorScheme = 'light' }: View = {},
): Promise<ReportPage> {
  const folder = await mkdtemp(join(tmpdir(), 'nightshift-report-'));
  const file = join(folder, 'report.html');
  await writeFile(file, html);
  const page = await context.newPage();
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme });
  const trouble: string[] = [];
  const url = pathToFileURL(file).href;
  page.on('console', (message) => trouble.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => trouble.push(`exception: ${error.message}`));
  page.on('request', (request) => {
    if (request.url() !== url && !request.url().startsWith('data:')) trouble.push(request.url());
  });
  page.on('requestfailed', (request) => trouble.push(`failed: ${request.url()}`));
  await page.goto(url);
  const close = async () => {
    await page.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { page, trouble, close };
}
