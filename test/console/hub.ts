/**
 * A hub with the built console on it, and pages of administrators who are signed in there.
 */
import { accountOf, cheapCost, signedIn } from '../world/console.ts';
import type { Browser } from '../world/console.ts';
import type { AdministratorName, OtherName } from '../world/callers.ts';
import { servedHub } from '../world/served.ts';
import type { ServedHub } from '../world/served.ts';
import { built, closeBrowser, openPage } from './browser.ts';
import type { ConsolePage, PageOptions } from './browser.ts';

/** What a test of the console works with. */
export interface ConsoleHub extends ServedHub {
  /** A page of nobody yet. */
  open(options?: PageOptions): Promise<ConsolePage>;
  /** A page of somebody who is signed in. */
  openAs(name: AdministratorName | OtherName, options?: PageOptions): Promise<ConsolePage>;
  /** Somebody's session outside of the page, to ask what the page did. */
  signedIn(name: AdministratorName | OtherName): Promise<Browser>;
  /** Opens an account; gives its one-time password. Its name is that of the administrator in lower case. */
  account(name: AdministratorName | OtherName): Promise<string>;
}

/** Opens it, on another clock or with a part of the environment if need be; ends with the browser of this process when it is closed. */
export async function consoleHub(now: () => Date = () => new Date(), env: Readonly<Record<string, string>> = {}): Promise<ConsoleHub> {
  const [hub] = await Promise.all([servedHub(env, { now, passwordCost: cheapCost }), built()]);
  return {
    ...hub,
    open: (options) => openPage(hub.url, options),
    openAs: async (name, options) => openPage(hub.url, options, (await signedIn(hub, name)).cookies),
    signedIn: (name) => signedIn(hub, name),
    account: (name) => accountOf(hub, name),
    close: () => closeBrowser().then(() => hub.close()),
  };
}
