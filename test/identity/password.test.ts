/**
 * Which passwords will do, and how they are kept.
 */
import { describe, expect, test } from 'vitest';
import { HubError } from '../../src/errors.ts';
import { checkPassword, newPassword, Passwords } from '../../src/identity/password.ts';

/** Why a password will not do; null: it will. */
function problemOf(password: string, names: readonly string[] = ['zhang.san', 'demo-security', '张三']): unknown {
  try {
    checkPassword(password, names);
    return null;
  } catch (error) {
    return error instanceof HubError ? error.details['reason'] : error;
  }
}

describe('a password', () => {
  test.each([
    ['short-one', 'TOO_SHORT'], ['张三李四王五赵六', 'TOO_SHORT'], ['x'.repeat(201), 'TOO_LONG'], ['tab\tin the middle', 'NOT_PRINTABLE'],
    ['the garden of zhang.san', 'HOLDS_NAME'], ['THE GARDEN OF ZHANG.SAN', 'HOLDS_NAME'], ['张三的花园里有十二棵树', 'TOO_SHORT'], ['张三的花园里有很多很多的树', 'HOLDS_NAME'], ['demo-security-2026', 'HOLDS_NAME'],
    ['password2026!', 'COMMON'], ['P@ssw0rd2026', 'COMMON'], ['passwordpassword', 'COMMON'], ['qwertyuiop12', 'COMMON'], ['1qaz2wsx3edc', 'COMMON'], ['123456789012', 'COMMON'], ['210987654321', 'COMMON'],
    ['aaaaaaaaaaaaa', 'COMMON'], ['abcabcabcabcab', 'COMMON'], ['admin-admin-2026', 'COMMON'], ['Welcome123456', 'COMMON'], ['tianzhu2026!!', 'COMMON'], ['abcdefghijklm', 'COMMON'], ['天祝县管理员202612', 'COMMON'],
  ])('%s is refused: %s', (password, reason) => {
    // Numbers of characters are of what is written, not of bytes.
    expect(problemOf(password)).toBe(reason);
  });

  test.each(['correct horse battery staple', 'kiln otter velvet', 'lanzhou noodles at dawn', '草原上的白牦牛在下雪天吃草', 'aaaa bbbb cccc dddd!', 'k3q9-w8fj-z2mm'])('%s will do, whatever kinds of characters it has', (password) => {
    expect(problemOf(password)).toBe(null);
  });

  test('that is given for one use will do, and is another each time', () => {
    const given = Array.from({ length: 50 }, newPassword);
    expect(new Set(given).size).toBe(50);
    for (const one of given) expect([one, problemOf(one)]).toEqual([expect.stringMatching(/^[a-hjkmnp-z2-9]{5}(-[a-hjkmnp-z2-9]{5}){3}$/), null]);
  });
});

describe('what is kept of it', () => {
  const passwords = new Passwords(8);

  test('fits it and nothing else, and is never the same', async () => {
    const [first, second] = [await passwords.digest('kiln otter velvet'), await passwords.digest('kiln otter velvet')];
    expect(first).toMatch(/^\$scrypt\$ln=8,r=8,p=3\$[\w+/]{22}\$[\w+/]{43}$/);
    expect(first).not.toBe(second);
    expect(await Promise.all([passwords.fits('kiln otter velvet', first), passwords.fits('kiln otter velvet', second), passwords.fits('kiln otter velvet ', first), passwords.fits('', first)])).toEqual([true, true, false, false]);
  });

  test('fits however it was typed', async () => {
    // A precomposed letter and full-width ones, as another keyboard writes them.
    expect(await passwords.fits('cafe\u0301 \uff43\uff52\uff45\uff4d\uff45 brulee', await passwords.digest('caf\u00e9 creme brulee'))).toBe(true);
  });

  test('is compared to the end: two long passwords that begin alike are two', async () => {
    const digest = await passwords.digest('a b'.repeat(60));
    expect(await passwords.fits(`${'a b'.repeat(60)}!`, digest)).toBe(false);
    expect(await passwords.fits('a'.repeat(5000), digest)).toBe(false);
  });

  test('of a lower cost is still known, and told from new ones', async () => {
    const dearer = new Passwords(9);
    const old = await passwords.digest('kiln otter velvet');
    expect([await dearer.fits('kiln otter velvet', old), dearer.isOld(old), dearer.isOld(await dearer.digest('kiln otter velvet'))]).toEqual([true, true, false]);
  });

  test('what is no digest fits nothing', async () => {
    for (const kept of [null, '', '$scrypt$ln=8,r=8,p=3$$', '$scrypt$ln=8,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA', 'kiln otter velvet']) expect(await passwords.fits('kiln otter velvet', kept)).toBe(false);
  });

  test('is worked out a few at once; beyond those that may wait everybody is told to come later, and the event loop goes on', async () => {
    const dear = new Passwords(12);
    const [all, ticks] = [Promise.allSettled(Array.from({ length: 60 }, () => dear.fits('kiln otter velvet', null))), { count: 0 }];
    const ticking = setInterval(() => { ticks.count += 1; }, 1);
    const settled = await all;
    clearInterval(ticking);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(52);
    expect(settled.filter((one) => one.status === 'rejected').map(({ reason }) => (reason as HubError).code)).toEqual(Array.from({ length: 8 }, () => 'RATE_LIMITED'));
    expect(ticks.count).toBeGreaterThan(5);
  });
});
