/**
 * What is remembered of network addresses: one answer makes them known, connections that bear nothing use it up, time forgets.
 */
import { expect, test } from 'vitest';
import { Addresses } from '../../src/http/addresses.ts';

const times = (count: number, act: () => void): void => {
  for (let time = 0; time < count; time += 1) act();
};

test('an address is new, fruitless once a connection was opened, and known by one answer', () => {
  const addresses = new Addresses();
  expect(addresses.of('10.0.0.1')).toBe('new');
  addresses.opened('10.0.0.1');
  expect(addresses.of('10.0.0.1')).toBe('fruitless');
  times(1000, () => addresses.opened('10.0.0.1'));
  addresses.answered('10.0.0.1');
  expect(addresses.of('10.0.0.1')).toBe('known');
  expect(addresses.of('10.0.0.2')).toBe('new');
});

test('answers are used up by connections that bear none, and no more of them count than so many', () => {
  const addresses = new Addresses();
  const openedUntilFruitless = (): number => {
    let count = 0;
    for (; addresses.of('10.0.0.1') !== 'fruitless'; count += 1) addresses.opened('10.0.0.1');
    return count;
  };
  addresses.answered('10.0.0.1');
  const one = openedUntilFruitless();
  times(3, () => addresses.answered('10.0.0.1'));
  expect(openedUntilFruitless()).toBeGreaterThan(2 * one);
  times(10_000, () => addresses.answered('10.0.0.1'));
  expect(openedUntilFruitless()).toBeLessThan(1000);
  // Whoever is answered as often as he connects stays known.
  for (let time = 0; time < 100; time += 1) {
    addresses.answered('10.0.0.1');
    expect(addresses.of('10.0.0.1')).toBe('known');
    addresses.opened('10.0.0.1');
  }
});

test('a network of 64 bits is one address of IPv6, and an address of IPv4 one however it is written', () => {
  const addresses = new Addresses();
  addresses.opened('2001:db8::1');
  addresses.opened('::ffff:10.0.0.9');
  expect(['2001:db8::ffff', '2001:db8:0:1::1', '10.0.0.9'].map((address) => addresses.of(address))).toEqual(['fruitless', 'new', 'fruitless']);
});

test('what was seen long ago is forgotten', () => {
  let now = 1;
  const addresses = new Addresses(() => now);
  addresses.opened('10.0.0.1');
  now += 3_600_000;
  expect(addresses.of('10.0.0.1')).toBe('new');
});
