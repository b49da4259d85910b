/** What the room of field permissions asks and changes. */
import { graphql } from '../../api/graphql.ts';

/** The matrix of a registry, at a moment: what stands in its cells. */
export const FieldPermissions = graphql(`
  query FieldPermissions($registry: Registry, $mode: Mode!, $at: DateTime) {
    fieldPermissions(registry: $registry, mode: $mode, at: $at) {
      at standing
      items { code name ownerDepartmentCode shareType keyShareType condition sensitivity masks }
      consumers { code name departmentCode departmentName }
      reasons { state denial }
      cells
    }
  }
`);

/** Why one application has what it has of each item: ten times as much to tell, for whoever looks at one of its cells. */
export const PermissionReasons = graphql(`
  query PermissionReasons($registry: Registry, $mode: Mode!, $at: DateTime, $consumer: ID!) {
    fieldPermissions(registry: $registry, mode: $mode, at: $at, consumers: [$consumer]) {
      items { code }
      reasons { state rule uses takesMatter takesCase until denial deniedBecause ways { uses words approvalNo mask matters validTo } }
      cells
    }
  }
`);

/** What has changed in it since a moment. */
export const FieldPermissionChanges = graphql(`
  query FieldPermissionChanges($registry: Registry, $mode: Mode!, $from: DateTime!, $to: DateTime) {
    fieldPermissionChanges(registry: $registry, mode: $mode, from: $from, to: $to) {
      reasons { state rule uses takesMatter takesCase until denial deniedBecause ways { uses words approvalNo mask matters validTo } }
      changes { item consumer before after }
    }
  }
`);

/** The grants of one application, as they can be sent back. */
export const Grants = graphql(`
  query Grants($consumer: String!) {
    grants(consumer: $consumer) {
      approvalNo version seals
      tuples { item uses modes mask matters quotaPerDay validFrom validTo bounds { ownRows division { by codes } category registrar case list authorization } }
    }
  }
`);

/** Where the records of an application lie, as it can be sent back. */
export const TerritoryOf = graphql(`
  query TerritoryOf($consumer: String!) {
    territory(consumer: $consumer) { types version within { ownRows division { by codes } category registrar case list authorization } }
  }
`);

export const SetTerritory = graphql(`
  mutation SetTerritory($consumer: String!, $territory: [TerritoryInput!]!, $basedOn: ID) { setTerritory(consumer: $consumer, territory: $territory, basedOn: $basedOn) }
`);

/** The matters that grants may be for. */
export const GrantMatters = graphql(`query GrantMatters { matters { code name departmentCode participants } }`);

/** What a department provides, as it is changed. */
export const OwnItems = graphql(`query OwnItems($departmentCode: String!) { catalogItems(departmentCode: $departmentCode) { code shareType keyShareType condition open version } }`);

/** What a change would do, to whom, and to what was really asked. */
export const PreviewChange = graphql(`
  query PreviewChange($change: PreviewInput!, $mode: Mode!, $replayDays: Int!) {
    previewChange(change: $change, mode: $mode, replayDays: $replayDays) {
      accesses { consumer consumerName item itemName use effect fields before after }
      replay { since operations leftOut more changed { consumer consumerName matter selection lastAskedAt times effect gains loses masks gainedItems lostItems refused } }
    }
  }
`);

export const Grant = graphql(`
  mutation Grant($approvalNo: String!, $consumer: String!, $tuples: [GrantTupleInput!]!, $seals: [String!]!, $basedOn: ID) {
    grant(approvalNo: $approvalNo, consumer: $consumer, tuples: $tuples, seals: $seals, basedOn: $basedOn)
  }
`);

export const EndGrant = graphql(`mutation EndGrant($approvalNo: String!, $basedOn: ID!) { endGrant(approvalNo: $approvalNo, basedOn: $basedOn) }`);

export const Deny = graphql(`mutation Deny($code: String!, $whom: DeniedInput!, $item: String!, $because: String!) { deny(code: $code, whom: $whom, item: $item, because: $because) }`);

export const EndDenial = graphql(`mutation EndDenial($code: String!) { endDenial(code: $code) }`);

export const SetSharingInMatrix = graphql(`
  mutation SetSharingInMatrix($item: String!, $version: ID!, $shareType: ShareType!, $keyShareType: ShareType, $condition: String!, $open: Boolean!) {
    setSharing(item: $item, version: $version, shareType: $shareType, keyShareType: $keyShareType, condition: $condition, open: $open) { code version }
  }
`);
