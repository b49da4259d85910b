import { describe, expect, it } from 'vitest';
import { newIds } from '../../src/records/new-ids.ts';

describe('ids of records that begin together', () => {
  it('are random UUIDs that lie near to each other', () => {
    const [one, other] = [newIds(), newIds()];
    const [ids, others] = [Array.from({ length: 2000 }, one), Array.from({ length: 2000 }, other)];
    for (const id of [...ids, ...others]) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set([...ids, ...others]).size).toBe(4000);
    expect(new Set(ids.map((id) => id.slice(0, 8))).size).toBe(1);
    expect(ids[0]?.slice(0, 8)).not.toBe(others[0]?.slice(0, 8));
  });

  it('tell nothing of the order in which they were made', () => {
    const next = newIds();
    const ids = Array.from({ length: 1000 }, next);
    const rising = ids.filter((id, place) => place > 0 && id > (ids[place - 1] as string)).length;
    expect(rising).toBeGreaterThan(350);
    expect(rising).toBeLessThan(650);
  });
});
