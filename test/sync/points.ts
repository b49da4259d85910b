/**
 * A client of the database, and a city, with a point before and behind every call: tests wait there, or break off there as if the process
 * had ended. A point behind a commit is one where it happened and nobody heard of it.
 */
import type postgres from 'postgres';
import type { City } from '../../src/sync/city.ts';

/** Called at every point; what it throws, the call throws. */
export type AtPoint = (what: string) => void | Promise<void>;

type Call = (...given: unknown[]) => PromiseLike<unknown>;

async function around(what: string, at: AtPoint, call: () => PromiseLike<unknown>): Promise<unknown> {
  await at(`before ${what}`);
  const result = await call();
  await at(`behind ${what}`);
  return result;
}

/** The same client, with points. */
export function pointedSql<S extends postgres.Sql | postgres.TransactionSql>(sql: S, at: AtPoint): S {
  const wrapped = (work: Call) => (own: postgres.TransactionSql) => work(pointedSql(own, at));
  const heard = (promise: Promise<unknown>): Promise<unknown> => {
    // Whoever sent several at once hears of the first that fails.
    promise.catch(() => undefined);
    return promise;
  };
  return new Proxy(sql, {
    apply: (target, _self, given: unknown[]) => {
      const isQuery = Array.isArray(given[0]) && 'raw' in given[0];
      const call = (): unknown => Reflect.apply(target as unknown as Call, undefined, given);
      return isQuery ? heard(around('a query', at, call as () => PromiseLike<unknown>)) : call();
    },
    get: (target, name) => {
      const own: unknown = Reflect.get(target, name);
      if (typeof own !== 'function') return own;
      if (name === 'unsafe') return (...given: unknown[]) => heard(around('a statement', at, () => Reflect.apply(own, target, given) as PromiseLike<unknown>));
      if (name === 'begin' || name === 'savepoint') return (...given: unknown[]) => heard(around(String(name), at, () => Reflect.apply(own, target, [...given.slice(0, -1), wrapped(given.at(-1) as Call)]) as PromiseLike<unknown>));
      return own.bind(target) as unknown;
    },
  });
}

/** The same city, with points. */
export function pointedCity(city: City, at: AtPoint): City {
  return {
    changes: (...given) => around('changes', at, () => city.changes(...given)) as ReturnType<City['changes']>,
    conditions: (...given) => around('conditions', at, () => city.conditions(...given)) as ReturnType<City['conditions']>,
    close: () => city.close(),
  };
}
