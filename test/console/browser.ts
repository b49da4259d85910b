/**
 * The console in a real browser: Debian's chromium, one for all test files of a process, a page of its own for each test. A page
 * that writes an error to its console, throws, or breaks the content security policy fails its test at the end; so does an
 * accessibility finding of axe that is serious. `SCREENSHOTS=<folder>` keeps pictures to look at. What is evaluated inside of
 * the page is written as text: the tests themselves know no DOM.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { onTestFailed } from 'vitest';
import { buildConsole } from '../../src/console/build.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const pictures = process.env['SCREENSHOTS'];

let running: Promise<Browser> | undefined;

/** The browser, started by whoever asks first; it ends with the process. */
function browser(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
  if (!existsSync(executablePath)) throw new Error(`There is no browser at ${executablePath}. Install Debian's chromium (apt-get install chromium), or name another one in CHROMIUM.`);
  running ??= chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--force-prefers-reduced-motion'] });
  return running;
}

/** A page of the console, and what tests do with it. */
export interface ConsolePage {
  readonly page: Page;
  /** Goes to a path of the console, and waits until it stands still. */
  go(path: string): Promise<number>;
  /** Signs in on whatever page asks for it. */
  signIn(account: string, password: string): Promise<void>;
  /** Chooses from a select box, as one does by keyboard: its label, and words that only one choice has. */
  choose(label: string, words: string): Promise<void>;
  /** Chooses from the account's menu in the header. */
  account(item: string): Promise<void>;
  /** Serious findings of axe on the page as it stands, one line each. */
  findings(): Promise<readonly string[]>;
  /** A picture of the page, if pictures are wanted. */
  picture(name: string): Promise<void>;
  /** Closes the page; answers what went wrong on it meanwhile. */
  close(): Promise<readonly string[]>;
}

/** What axe answers, as far as it is read here. */
interface Found {
  readonly violations: readonly { readonly id: string; readonly impact: string; readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary: string }[] }[];
}

/** How a page is opened: a desk's screen in Chinese, unless told. */
export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  readonly language?: 'zh' | 'en';
}

/** Builds the console if need be. */
export const built = (): Promise<void> => buildConsole();

/** Opens a page on a hub, with these cookies. What the browser itself says of an answer with a refusal (`Failed to load resource`) is no error of the page. */
export async function openPage(url: string, { width = 1440, height = 900, language = 'zh' }: PageOptions = {}, cookies = ''): Promise<ConsolePage> {
  const context = await (await browser()).newContext({ viewport: { width, height }, locale: language === 'zh' ? 'zh-CN' : 'en-US', timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce', baseURL: url });
  if (language === 'en') await context.addInitScript("localStorage.setItem('hub-language', 'en')");
  await context.addInitScript("addEventListener('securitypolicyviolation', (event) => console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`))");
  if (cookies !== '') await context.addCookies(cookies.split('; ').map((one) => ({ name: one.slice(0, one.indexOf('=')), value: one.slice(one.indexOf('=') + 1), url, httpOnly: true, sameSite: 'Strict' as const })));
  const page = await context.newPage();
  const wrong: string[] = [];
  if (pictures !== undefined) {
    onTestFailed(async () => {
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: join(pictures, `failed-${Date.now()}.png`) }).catch(() => undefined);
    });
  }
  page.setDefaultTimeout(30_000);
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('console', (message) => {
    if ((message.type() === 'error' || message.type() === 'warning') && !message.text().startsWith('Failed to load resource')) wrong.push(message.text());
  });
  return {
    page,
    async go(path) {
      const response = await page.goto(path);
      await page.locator('main').first().waitFor();
      return response?.status() ?? 0;
    },
    async signIn(account, password) {
      await page.locator('input[autocomplete=username]').fill(account);
      await page.locator('input[autocomplete=current-password]').fill(password);
      await page.locator('button[type=submit]').click();
    },
    async choose(label, words) {
      const box = page.getByRole('combobox', { name: label });
      await box.click();
      await box.fill(words);
      await page.locator('.ant-select-dropdown:visible .ant-select-item-option').filter({ hasText: words }).first().click();
      await page.keyboard.press('Escape');
    },
    async account(item) {
      await page.getByRole('banner').locator('button[aria-haspopup=menu]').click();
      await page.getByRole('menuitem', { name: item }).click();
    },
    async findings() {
      await page.evaluate(axe);
      const { violations } = await page.evaluate<Found>("axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] })");
      return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}: ${node.failureSummary.replaceAll('\n', ' ')}`));
    },
    async picture(name) {
      if (pictures === undefined) return;
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: join(pictures, `${name}.png`) });
    },
    async close() {
      await context.close();
      return wrong;
    },
  };
}

/** Ends the browser. */
export async function closeBrowser(): Promise<void> {
  const ending = running;
  running = undefined;
  await (await ending)?.close();
}
