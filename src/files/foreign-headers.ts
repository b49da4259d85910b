/**
 * Column names of files that departments and platforms are known to deliver, and the fields they belong to.
 *
 * A name stands here only if neither the contract's names nor the catalog's lead to the field. `null` = known, and kept out for the
 * reason given: a masked value is no data, a name is no code. Names are compared as `headers.ts` writes them: lower case, no blanks, no `_`.
 */

/** Where the cells of such a column go; of several columns for one field the first told counts. */
export interface ForeignColumn {
  readonly fields: readonly string[];
  /** Smaller goes first. */
  readonly rank: number;
  /** Why it is kept out, if it is. */
  readonly keptOut?: string;
}

const to = (...fields: string[]): ForeignColumn => ({ fields, rank: 1 });
const after = (...fields: string[]): ForeignColumn => ({ fields, rank: 2 });
const keptOut = (reason: string): ForeignColumn => ({ fields: [], rank: 9, keptOut: reason });

type Columns = Readonly<Record<string, ForeignColumn>>;

/** The subject of a permit or penalty as the double publicity (双公示) names it; `p` is XK or CF. */
const publicity = (p: string): Columns => ({
  [`${p}xdrmc`]: to('counterpartyName'), [`${p}xdrlb`]: to('counterpartyType'), [`${p}xdrshxym`]: to('counterpartyUscc'),
  [`${p}xdrgszc`]: to('counterpartyRegistrationNo'), [`${p}xdrzzjg`]: to('counterpartyOrgCode'), [`${p}xdrsw`]: to('counterpartyTaxNo'), [`${p}xdrswdj`]: to('counterpartyTaxNo'),
  [`${p}xdrsydw`]: to('counterpartyInstitutionCertNo'), [`${p}xdrshzz`]: to('counterpartySocialOrgNo'), [`${p}frdb`]: to('legalRepName'), [`${p}fr`]: to('legalRepName'),
  [`${p}frsfzh`]: to('legalRepIdNumber'), [`${p}xdrsfz`]: to('counterpartyIdNumber'), [`${p}xdrzjlx`]: to('counterpartyIdType'), [`${p}xdrzjhm`]: to('counterpartyOtherIdNumber'),
  [`${p}nr`]: to('content'), [`${p}jdrq`]: to('decidedOn'), [`${p}bz`]: to('remark'), bz: to('remark'),
});

const byType: Readonly<Record<string, Columns>> = {
  Person: {
    gmsfhm: to('idNumber'), sfzh: to('idNumber'), sfzhm: to('idNumber'), 身份证号: to('idNumber'), 身份证号码: to('idNumber'), 居民身份证号码: to('idNumber'), 证件号码: after('idNumber'),
    xm: to('name'), cym: to('formerName'), xb: to('genderCode'), xbdm: to('genderCode'), mz: to('ethnicityCode'), mzdm: to('ethnicityCode'), csrq: to('birthDate'), 出生年月日: to('birthDate'),
    whcd: to('educationCode'), 学历: to('educationCode'), hyzk: to('maritalStatusCode'), zzmm: to('politicalStatusCode'), hjdz: to('registeredAddress'), 户籍所在地: to('registeredAddress'),
    xzz: to('residenceAddress'), 居住地址: to('residenceAddress'), 家庭住址: after('residenceAddress'), hh: to('householdNo'), 户口簿号: to('householdNo'), yhzgx: to('relationToHeadCode'),
    lxdh: to('phone'), 手机号: to('phone'), 手机号码: to('phone'), 电话: to('phone'), swrq: to('deathDate'),
  },
  LegalEntity: {
    uniscid: to('uscc'), tyshxydm: to('uscc'), 社会信用代码: to('uscc'), 信用代码: to('uscc'), entname: to('name'), 企业名称: to('name'), 单位名称: to('name'), 机构名称: to('name'),
    pripid: to('registryId'), regno: to('registrationNo'), registercategory: to('category'), enttype: to('entityTypeCode'), regstate: to('status'), 经营状态: to('status'), 企业状态: to('status'),
    lerep: to('legalRepName'), 法定代表人: to('legalRepName'), 法人代表: to('legalRepName'), 负责人: to('legalRepName'),
    capitalwan: to('registeredCapital'), regcap: to('registeredCapital'), capitalraw: after('registeredCapital', 'currencyCode'), 注册资金: to('registeredCapital', 'currencyCode'),
    estdate: to('establishedOn'), 注册日期: to('establishedOn'), apprdate: to('approvedOn'), opfrom: to('validFrom'), opto: to('validTo'), opscope: to('businessScope'),
    dom: to('domicile'), address: to('domicile'), 地址: to('domicile'), 注册地址: to('domicile'), oploc: to('operatingAddress'), regorg: to('registrar'), registrationdivision: to('registrarCode'),
    localadm: to('jurisdictionCode'), industryco: to('industryCode'), villagecode: to('domicileDivisionCode'), townshipcode: after('domicileDivisionCode'),
    entitytyperaw: keptOut('it holds names of kinds of entities; entityTypeCode takes codes, and the code table is not in the hub'),
    legalrepmasked: keptOut('its names are masked (刘**), and a masked value is no data'),
  },
  AdministrativeDivision: {
    code12: to('divisionCode'), adcode: after('divisionCode'), 区划代码: to('divisionCode'), xzqhdm: to('divisionCode'), xzqhmc: to('name'), 区划名称: to('name'),
    level: to('level', 'divisionType'), parent: to('parentCode'), parentadcode: after('parentCode'), 上级代码: to('parentCode'),
    center: keptOut('it is the seat of the government; the hub keeps the centre point (centroid)'),
  },
  CreditPermit: {
    ...publicity('xk'), xkwsh: to('decisionNo'), xkxkws: to('decisionName'), xkwsmc: to('decisionName'), xkxklb: to('permitCategory'), xklb: to('permitCategory'), xkxkzs: to('certificateName'), xkzs: to('certificateName'),
    xkxkbh: to('permitNo'), xkbh: to('permitNo'), xkyxqz: to('validFrom'), xkyxqzi: to('validTo'), xkxkjg: to('authorityName'), xkxkjgdm: to('authorityCode'), xkzt: to('status'),
    xklydw: to('sourceDepartmentName'), xklydwdm: to('sourceDepartmentCode'),
  },
  CreditPenalty: {
    ...publicity('cf'), cfwsh: to('decisionNo'), cfwfxw: to('offenceKind'), cfsy: to('offenceFacts'), cfyj: to('penaltyBasis'), cfcflb: to('penaltyKinds'), cfnrfk: to('fineAmount'), cfnrwfff: to('confiscatedAmount'), cfnrzkdx: to('affectedCertificate'), cfyxq: to('validTo'), cfgsjzq: to('publicUntil'),
    cfcfjg: to('authorityName'), cfcfjgdm: to('authorityCode'), cfsjly: to('sourceDepartmentName'), cfsjlydm: to('sourceDepartmentCode'),
  },
};

/** Columns that every type may have. */
const everywhere: Columns = {
  updatedat: after('sourceUpdatedAt'), 更新时间: after('sourceUpdatedAt'), geom: after('geometry'), wkt: after('geometry'),
};

/** What a foreign column name means for a type; undefined if it is not known. */
export function foreignColumn(type: string, name: string): ForeignColumn | undefined {
  const own = byType[type];
  if (own !== undefined && Object.hasOwn(own, name)) return own[name];
  return Object.hasOwn(everywhere, name) ? everywhere[name] : undefined;
}

/** Every field that a type's foreign columns lead to; a test holds them against the contract. */
export function foreignFields(): readonly (readonly [type: string, field: string])[] {
  return Object.entries(byType).flatMap(([type, columns]) => Object.values(columns).flatMap(({ fields }) => fields.map((field) => [type, field] as const)));
}
