/**
 * What the contract's enums are called, in both languages: the standard terms, the same in every room.
 */
import type { AdministratorRole, ApplicationParty, ApplicationState, DataType, DraftState, FormatCategory, Mode, Registry, ResourceState, ReviewState, ShareType, UpdateCycle, Use } from '../generated/enums.ts';
import type { Pair } from '../language/language.tsx';

type Names<Key extends string> = Readonly<Record<Key, Pair>>;

export const roleNames: Names<AdministratorRole> = {
  SYSTEM: { zh: '系统管理员', en: 'System' },
  SECURITY: { zh: '安全管理员', en: 'Security' },
  AUDIT: { zh: '审计管理员', en: 'Audit' },
  STEWARD: { zh: '部门专员', en: 'Steward' },
};

export const shareTypeNames: Names<ShareType> = {
  UNCONDITIONAL: { zh: '无条件共享', en: 'Unconditional' },
  CONDITIONAL: { zh: '有条件共享', en: 'Conditional' },
  NOT_SHARED: { zh: '不予共享', en: 'Not shared' },
};

export const namesOfUse: Names<Use> = {
  READ: { zh: '读取', en: 'Read' },
  FIND: { zh: '筛选', en: 'Find by' },
  KEY: { zh: '按标识查', en: 'Look up by' },
  EXIST: { zh: '查有无', en: 'Exists' },
  VERIFY: { zh: '核验', en: 'Verify' },
};

export const modeNames: Names<Mode> = {
  QUERY: { zh: '查询', en: 'Query' },
  BATCH: { zh: '批量', en: 'Batch' },
  SUBSCRIBE: { zh: '订阅', en: 'Subscription' },
};

export const updateCycleNames: Names<UpdateCycle> = {
  REALTIME: { zh: '实时', en: 'Real time' },
  DAILY: { zh: '每日', en: 'Daily' },
  WEEKLY: { zh: '每周', en: 'Weekly' },
  MONTHLY: { zh: '每月', en: 'Monthly' },
  QUARTERLY: { zh: '每季', en: 'Quarterly' },
  YEARLY: { zh: '每年', en: 'Yearly' },
  OTHER: { zh: '其他', en: 'Other' },
};

export const formatCategoryNames: Names<FormatCategory> = {
  FILE: { zh: '电子文件', en: 'File' },
  SHEET: { zh: '电子表格', en: 'Sheet' },
  DATABASE: { zh: '数据库', en: 'Database' },
  IMAGE: { zh: '图形图像', en: 'Image' },
  STREAM: { zh: '流媒体', en: 'Stream' },
  SELF_DESCRIBING: { zh: '自描述格式', en: 'Self-describing' },
  SERVICE: { zh: '服务接口', en: 'Service' },
};

export const resourceStateNames: Names<ResourceState> = {
  PUBLISHED: { zh: '已发布', en: 'Published' },
  WITHDRAWN: { zh: '已撤销', en: 'Withdrawn' },
};

export const dataTypeNames: Names<DataType> = {
  C: { zh: '字符型', en: 'Text' },
  N: { zh: '数值型', en: 'Number' },
  Y: { zh: '货币型', en: 'Money' },
  D: { zh: '日期型', en: 'Date' },
  T: { zh: '日期时间型', en: 'Date and time' },
  L: { zh: '逻辑型', en: 'Boolean' },
  M: { zh: '备注型', en: 'Memo' },
  G: { zh: '通用型', en: 'General' },
  B: { zh: '双精度型', en: 'Double' },
  I: { zh: '整型', en: 'Integer' },
  F: { zh: '浮点型', en: 'Float' },
};

export const draftStateNames: Names<DraftState> = {
  DRAFT: { zh: '草稿', en: 'Draft' },
  SUBMITTED: { zh: '待审核', en: 'Submitted' },
  RETURNED: { zh: '退回', en: 'Returned' },
  PUBLISHED: { zh: '已发布', en: 'Published' },
  ABANDONED: { zh: '放弃', en: 'Given up' },
};

export const applicationStateNames: Names<ApplicationState> = {
  DRAFT: { zh: '草稿', en: 'Draft' },
  SUBMITTED: { zh: '待形式审核', en: 'Pre-check due' },
  RETURNED: { zh: '退回修改', en: 'Returned' },
  REVIEWING: { zh: '待部门答复', en: 'Under review' },
  ACTIVE: { zh: '生效', en: 'In force' },
  PAUSED: { zh: '申请方暂停', en: 'Paused' },
  SUSPENDED: { zh: '主管部门中止', en: 'Suspended' },
  REFUSED: { zh: '不予共享', en: 'Refused' },
  WITHDRAWN: { zh: '撤回', en: 'Withdrawn' },
  REVOKED: { zh: '撤销', en: 'Revoked' },
  EXPIRED: { zh: '到期', en: 'Expired' },
  SUPERSEDED: { zh: '被替代', en: 'Superseded' },
};

export const reviewStateNames: Names<ReviewState> = {
  PENDING: { zh: '待答复', en: 'Waiting' },
  APPROVED: { zh: '同意', en: 'Approved' },
  REFUSED: { zh: '不同意', en: 'Refused' },
  SUSPENDED: { zh: '中止', en: 'Suspended' },
  REVOKED: { zh: '撤销', en: 'Revoked' },
};

export const partyNames: Names<ApplicationParty> = {
  APPLICANT: { zh: '申请方', en: 'Applicant' },
  AUTHORITY: { zh: '数据主管部门', en: 'Authority' },
  PROVIDER: { zh: '提供部门', en: 'Provider' },
  HUB: { zh: '数据中枢', en: 'Hub' },
};

/** 数据分级. */
export const sensitivityNames: Readonly<Record<string, Pair>> = {
  S1: { zh: 'S1 公开', en: 'S1 public' },
  S2: { zh: 'S2 内部', en: 'S2 internal' },
  S3: { zh: 'S3 个人信息', en: 'S3 personal' },
  S4: { zh: 'S4 敏感个人信息', en: 'S4 sensitive' },
};

/** The five libraries, by the letters that their items' codes begin with. */
export const registryNames: Readonly<Record<string, Pair>> = {
  RK: { zh: '人口', en: 'Population' },
  FR: { zh: '法人', en: 'Legal entities' },
  KJ: { zh: '空间地理', en: 'Spatial' },
  ZZ: { zh: '电子证照', en: 'Certificates' },
  XY: { zh: '信用', en: 'Credit' },
};

/** The library that an item belongs to. */
export const registryOf = (item: string): string => item.split('-')[0] ?? '';

/** The five libraries, as the contract's enum names them. */
export const libraryNames: Names<Registry> = {
  POPULATION: { zh: '人口', en: 'Population' },
  LEGAL_ENTITIES: { zh: '法人', en: 'Legal entities' },
  SPATIAL: { zh: '空间地理', en: 'Spatial' },
  CERTIFICATES: { zh: '电子证照', en: 'Certificates' },
  CREDIT: { zh: '信用', en: 'Credit' },
};

/** Record types that are shown to people who do not read the contract. */
export const recordTypeNames: Readonly<Record<string, Pair>> = {
  Person: { zh: '自然人', en: 'Persons' },
  Household: { zh: '户', en: 'Households' },
  Kinship: { zh: '亲属关系', en: 'Kinships' },
  MarriageRecord: { zh: '婚姻登记', en: 'Marriage records' },
  BirthCertificate: { zh: '出生医学证明', en: 'Birth certificates' },
  WelfareRecord: { zh: '社会救助与福利', en: 'Welfare records' },
  DisabilityRecord: { zh: '残疾人证登记', en: 'Disability records' },
  SocialInsurance: { zh: '社会保险参保', en: 'Social insurance' },
  MedicalInsurance: { zh: '医疗保险参保', en: 'Medical insurance' },
  Residence: { zh: '流动人口居住登记', en: 'Residence registrations' },
  LegalEntity: { zh: '法人单位', en: 'Legal entities' },
  Branch: { zh: '分支机构', en: 'Branches' },
  Shareholding: { zh: '股东及出资', en: 'Shareholdings' },
  KeyPerson: { zh: '主要人员', en: 'Key persons' },
  Licence: { zh: '许可信息', en: 'Licences' },
  ChangeRecord: { zh: '变更记录', en: 'Change records' },
  AdministrativeDivision: { zh: '行政区划', en: 'Divisions' },
  StandardAddress: { zh: '标准地址', en: 'Standard addresses' },
  PlaceName: { zh: '地名', en: 'Place names' },
  Building: { zh: '建筑物', en: 'Buildings' },
  RealEstateUnit: { zh: '不动产单元', en: 'Real estate units' },
  RoadSegment: { zh: '道路路段', en: 'Road segments' },
  PointOfInterest: { zh: '兴趣点', en: 'Points of interest' },
  CertificateType: { zh: '证照类型', en: 'Certificate types' },
  Certificate: { zh: '电子证照', en: 'Certificates' },
  CreditPermit: { zh: '行政许可', en: 'Permits' },
  CreditPenalty: { zh: '行政处罚', en: 'Penalties' },
  CreditListing: { zh: '列入名单', en: 'Listings' },
  CreditCommitment: { zh: '信用承诺', en: 'Commitments' },
  CreditRepair: { zh: '信用修复', en: 'Repairs' },
  CreditGrade: { zh: '信用等级', en: 'Grades' },
};
