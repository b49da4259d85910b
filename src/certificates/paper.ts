/**
 * What stands on the paper of an annotated copy, as texts in their order: the certificate's face, what is withheld of it, and the
 * annotation (加注): for what, for whom, by whom, until when. Drawing it is `pdf.ts`; nothing here knows of pages or fonts.
 */
import type { Face, FaceField } from './face.ts';

/** A line of a table: what it is called, in both languages, and what it says. */
export interface Line {
  readonly label: string;
  readonly english: string;
  readonly text: string;
}

/** A copy on paper. All texts are final; the same paper makes the same file. */
export interface Paper {
  readonly copyId: string;
  /** As people read it. */
  readonly code: string;
  /** The address in the QR code. */
  readonly address: string;
  readonly title: string;
  readonly lines: readonly Line[];
  readonly face: readonly Line[];
  /** Fields that are not shown, because this caller may not have them; empty: all are. */
  readonly withheld: readonly string[];
  readonly annotation: readonly Line[];
  readonly watermark: string;
  readonly signature: string;
  /** ISO 8601 in UTC. */
  readonly issuedAt: string;
}

/** For what and whom a copy is made. */
export interface Annotation {
  readonly copyId: string;
  readonly code: string;
  readonly address: string;
  readonly cause: string;
  readonly department: string;
  readonly application: string;
  readonly operator: string;
  readonly matter: string;
  readonly matterCode: string;
  readonly caseNo: string;
  /** ISO 8601 in UTC, both. */
  readonly issuedAt: string;
  readonly expiresAt: string;
  readonly keyVersion: number;
}

const labels: Readonly<Record<Exclude<FaceField, 'faceItems' | 'validityRange' | 'validTo'>, readonly [string, string]>> = {
  typeName: ['证照类型', 'Type'],
  certificateName: ['证照名称', 'Name'],
  certificateNumber: ['证照编号', 'Number'],
  version: ['版本号', 'Version'],
  holderNames: ['持证主体', 'Holder'],
  holderCodes: ['持证主体代码', 'Code of holder'],
  issuingAuthorityName: ['颁发机构', 'Issued by'],
  issuedOn: ['颁发日期', 'Issued on'],
  validFrom: ['有效期', 'Valid'],
  status: ['证照状态', 'State'],
  certificateIdentifier: ['电子证照标识', 'Identifier'],
};

const states: Readonly<Record<string, string>> = { '01': '有效 valid', '02': '暂扣 suspended', '03': '撤销 withdrawn', '04': '注销 cancelled', '05': '失效 lapsed', '06': '转出 moved away', '07': '吊销 revoked', '99': '其他 other' };

/** The paper of a copy. */
export function paperOf({ values, withheld }: Face, note: Annotation): Paper {
  const lines = Object.entries(labels).flatMap(([field, [label, english]]): Line[] => {
    const text = textOf(field as FaceField, values);
    return text === '' || (field === 'typeName' && text === values.certificateName) ? [] : [{ label, english, text }];
  });
  const face = Object.entries(isPlainObject(values.faceItems) ? values.faceItems : {}).map(([label, value]): Line => ({ label, english: '', text: written(value) }));
  return {
    copyId: note.copyId, code: note.code, address: note.address, lines, face,
    title: written(values.certificateName ?? values.typeName ?? '电子证照'),
    withheld: [...new Set(withheld.map(labelOf))],
    annotation: [
      { label: '制作事由', english: 'Cause', text: note.cause },
      { label: '使用单位', english: 'Department', text: `${note.department}（${note.application}）` },
      { label: '经办人', english: 'Operator', text: note.operator },
      { label: '服务事项', english: 'Matter', text: `${note.matter}（${note.matterCode}）` },
      { label: '办件编号', english: 'Case', text: note.caseNo },
      { label: '制作时间', english: 'Made at', text: civil(note.issuedAt) },
      { label: '有效期截止', english: 'Expires', text: civil(note.expiresAt) },
    ],
    watermark: `加注件 仅限${note.department}办理「${note.matter}」使用 ${note.copyId}`,
    signature: `本文件由县级数据中枢以 SM2/SM3 签名（GM/T 0009，密钥版本 ${note.keyVersion}）；签名文件为本文件地址后加 .sig，任何改动均使签名失效。 Signed by the hub, SM2 with SM3, key version ${note.keyVersion}: the signature is at this file's address followed by .sig; any changed byte breaks it.`,
    issuedAt: note.issuedAt,
  };
}

function textOf(field: FaceField, values: Face['values']): string {
  switch (field) {
    case 'validFrom': {
      if (values.validFrom === undefined || values.validTo === undefined) return '';
      const range = written(values.validityRange ?? null);
      return `${written(values.validFrom) || '…'} 至 ${written(values.validTo) || '长期'}${range === '' || range === '长期' ? '' : `（${range}）`}`;
    }
    case 'status': return states[written(values.status ?? null)] ?? written(values.status ?? null);
    default: return written(values[field] ?? null);
  }
}

function labelOf(field: FaceField): string {
  if (field === 'faceItems') return '照面信息 Face items';
  if (field === 'validTo' || field === 'validityRange') return '有效期 Valid';
  return labels[field].join(' ');
}

function written(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(written).join('、');
  return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean);
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A moment as a clerk reads it, in Asia/Shanghai. */
function civil(moment: string): string {
  return `${new Date(Date.parse(moment) + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')}（北京时间）`;
}
