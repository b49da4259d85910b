/** What the room of the audit asks. */
import { graphql } from '../../api/graphql.ts';

export const State = graphql(`query AuditState { auditState { lastSeal { n at hash keyVersion } openChains retiredMonths sealsChecked problems { where says } } }`);

export const Choices = graphql(`query AuditChoices { departments { code name } consumers { code name departmentName } matters { code name } catalogItems { code name } administrators { code name } }`);

export const Records = graphql(`
  query AuditRecords($kind: AuditKind, $consumer: String, $administrator: String, $subject: SubjectInput, $item: String, $matter: String, $outcome: String, $from: DateTime, $to: DateTime, $after: String) {
    auditRecords(kind: $kind, consumer: $consumer, administrator: $administrator, subject: $subject, item: $item, matter: $matter, outcome: $outcome, from: $from, to: $to, first: 50, after: $after) {
      nodes {
        id at requestId kind consumer administrator departmentCode matter behalf caseNo operator operatorVerified document variables roots delivered { recordType items } foundBy
        withheld { at item because } outcome reason rows subjects reference policy micros
      }
      endCursor hasNextPage
    }
  }
`);
