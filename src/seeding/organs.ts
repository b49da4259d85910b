/**
 * The bodies that issue, register and decide, with synthetic credit codes of the right form, and who tells what as a source.
 *
 * Departments of the hub's own county are sources under their own codes; what other counties of the prefecture know
 * comes from the city's libraries.
 */
import { orgCodeWithCheck, usccWithCheck } from '../registries/identifiers/index.ts';
import { homeCounty } from './places.ts';
import type { County } from './places.ts';

/** An issuing or deciding body. */
export interface Organ {
  readonly name: string;
  readonly uscc: string;
}

/** Departments by the short form that their codes end with. */
export const departmentNames = {
  ZS: '政务服务和数据管理局', GA: '公安局', MZ: '民政局', WJ: '卫生健康局', RS: '人力资源和社会保障局', YB: '医疗保障局', CL: '残疾人联合会',
  JY: '教育局', SC: '市场监督管理局', BB: '机构编制委员会办公室', ZR: '自然资源局', ZJ: '住房和城乡建设局', JT: '交通运输局',
  NY: '农业农村局', FG: '发展和改革局', SW: '税务局', FY: '人民法院', LC: '林业和草原局', YJ: '应急管理局',
} as const;

export type Department = keyof typeof departmentNames;

const order = Object.keys(departmentNames);
const known = new Map<string, Organ>();

/** A department of a county, as a body. */
export function organ(county: Pick<County, 'code' | 'name'>, department: Department): Organ {
  const id = county.code + department;
  let found = known.get(id);
  if (found === undefined) {
    const body = orgCodeWithCheck(`0${county.code.slice(2)}1${String(order.indexOf(department)).padStart(2, '0')}`);
    found = { name: county.name + departmentNames[department], uscc: usccWithCheck(`11${county.code}${body}`) };
    known.set(id, found);
  }
  return found;
}

/** The code under which a department's facts about a county come in. */
export function sourceOf(county: Pick<County, 'code'>, department: Department): string {
  if (county.code === homeCounty) return `${homeCounty}-${department}`;
  return department === 'GA' ? '620600-GA' : '620600-ZS';
}

/** The code of a ministry that defines certificate types (synthetic, of the right form). */
export function ministry(no: number): string {
  return usccWithCheck(`11100000${orgCodeWithCheck(`0001${String(no).padStart(4, '0')}`)}`);
}
