/**
 * Edges that start at certificates. None leads to a natural person, and a type does not lead to its certificates: both would
 * be lists of people.
 */
import { link } from '../links.ts';

export const links = [
  link('Certificate.type', 'typeCode', 'CertificateType.typeCode'),
  link('Certificate.previous', 'previousIdentifier', 'Certificate.certificateIdentifier'),
  link('Certificate.holderEntities', 'holderUsccs', 'LegalEntity.uscc'),
];
