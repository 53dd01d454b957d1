import chromium from '@sparticuz/chromium';
import { type Browser, chromium as playwright } from 'playwright-core';

/** In one process, as on Lambda, closing the first page ends the whole browser. */
const ONE_PROCESS = new Set(['--single-process', '--no-zygote']);

/** A headless Chromium from an npm package. Close it in the end. */
export const openBrowser = async (): Promise<Browser> =>
  playwright.launch({
    executablePath: await chromium.executablePath(),
    args: [
      ...chromium.args.filter((argument) => !ONE_PROCESS.has(argument)),
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
    headless: true,
  });
