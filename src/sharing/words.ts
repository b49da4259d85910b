/**
 * Bounds, ways and conditions in words, for people who own data or apply for it. What is said here decides nothing.
 */
import type { CatalogItem } from './catalog.ts';
import { isPersonal } from './catalog.ts';
import type { OpenWay } from './reach.ts';
import { distinct } from './rows.ts';
import type { Bound, ShareType } from './terms.ts';

/** The same in both languages of the contract. */
export interface Words {
  readonly zh: string;
  readonly en: string;
}

const shareTypes: Readonly<Record<ShareType, Words>> = {
  UNCONDITIONAL: { zh: '无条件共享', en: 'Shared unconditionally' },
  CONDITIONAL: { zh: '有条件共享', en: 'Shared on condition' },
  NOT_SHARED: { zh: '不予共享', en: 'Not shared' },
};

const places: Readonly<Record<Extract<Bound, { kind: 'division' }>['by'], Words>> = {
  RESIDENCE: { zh: '居住地', en: 'residence' },
  REGISTRATION: { zh: '户籍地', en: 'registration' },
  LOCATION: { zh: '所在地', en: 'location' },
};

/** On which rows a bound holds. */
export function boundInWords(bound: Bound): Words {
  switch (bound.kind) {
    case 'ownRows': return { zh: `部门 ${bound.department} 提供的记录`, en: `records that department ${bound.department} supplied` };
    case 'division': {
      const place = places[bound.by];
      return { zh: `${place.zh}在 ${listed(bound.codes, '、')} 及其下级`, en: `${place.en} in ${listed(bound.codes, ', ')} or below` };
    }
    case 'category': return { zh: `机构类别 ${listed(bound.codes, '、')}`, en: `legal entities of category ${listed(bound.codes, ', ')}` };
    case 'registrar': return { zh: `登记机关 ${listed(bound.codes, '、')}`, en: `legal entities of registrar ${listed(bound.codes, ', ')}` };
    case 'case': return { zh: '办件当事人及事项所列亲属', en: 'subjects of the open case and the kin that its matter names' };
    case 'list': return { zh: `名单 ${bound.list} 所列主体`, en: `subjects on list ${bound.list}` };
    case 'authorization': return { zh: '已授权本应用的持证主体', en: 'subjects who have authorized the consumer' };
  }
}

function listed(codes: readonly string[], comma: string): string {
  return codes.length <= 5 ? codes.join(comma) : `${codes.slice(0, 5).join(comma)} … (${codes.length})`;
}

/** A way with what has to be named for it. */
export function wayInWords({ way, matter, hasCase }: Pick<OpenWay, 'way' | 'matter' | 'hasCase'>): Words {
  const { rule, approvalNo, mask, quota } = way;
  const bounds = distinct(way.bounds).map(boundInWords);
  const purpose: readonly Words[] = matter === null ? [] : [hasCase ? { zh: '须具名事项及办件', en: 'under a matter and its open case' } : { zh: '须具名事项', en: 'under a matter' }];
  const parts: readonly Words[] = [
    approvalNo === null ? { zh: rule === 'own data' ? '本部门数据' : '各部门可用', en: rule } : { zh: `授权 ${approvalNo}`, en: `granted under ${approvalNo}` },
    ...(mask === null ? [] : [{ zh: `脱敏 ${mask}`, en: `masked as ${mask}` }]),
    ...(quota === null ? [] : [{ zh: `每日 ${quota.perDay} 次`, en: `for ${quota.perDay} questions a day` }]),
    ...bounds,
    ...purpose,
  ];
  return { zh: parts.map(({ zh }) => zh).join('，'), en: parts.map(({ en }) => en).join(', ') };
}

/** The catalog's condition on an item, and whom to ask for it. */
export function conditionInWords(item: CatalogItem): Words {
  const type = shareTypes[item.shareType];
  const condition = item.condition === '' ? '' : item.condition;
  const personal = isPersonal(item);
  const key = item.keyShareType === null || item.keyShareType === item.shareType ? null : shareTypes[item.keyShareType];
  return {
    zh: `${item.name}（${item.code}）${type.zh}${condition === '' ? '' : `：${condition}`}${key === null ? '' : `；以完整号码查找：${key.zh}`}${personal ? '；个人信息，须具名事项' : ''}；提供部门 ${item.ownerDepartment}`,
    en: `${item.code} ${type.en.toLowerCase()}${condition === '' ? '' : ` (${condition})`}${key === null ? '' : `; finding by the full identifier: ${key.en.toLowerCase()}`}${personal ? '; personal information, which takes a matter' : ''}; provided by ${item.ownerDepartment}`,
  };
}
