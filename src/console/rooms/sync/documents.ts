/** What the room of the sync asks. */
import { graphql } from '../../api/graphql.ts';

export const Standing = graphql(`
  query SyncStanding {
    syncStatus {
      led
      registries { registry cursor epoch phase inStep lagEntries lagSeconds entries lastSuccess lastFailure failure failures halted haltedAt quarantineWaiting quarantinePoisoned reconcileDue breaker }
      queues { registry conflicts checks checksWaiting checksAbove }
    }
  }
`);

export const Entries = graphql(`
  query QuarantinedEntries($registry: Registry, $state: QuarantineState) {
    quarantinedEntries(registry: $registry, state: $state, first: 200) { code registry recordType source field reason tries state firstSeen lastSeen editedBy }
  }
`);

export const Text = graphql(`query QuarantinedText($code: ID!) { quarantinedText(code: $code) }`);

export const Edit = graphql(`mutation EditQuarantined($code: ID!, $text: String!) { editQuarantined(code: $code, text: $text) { code registry } }`);

export const Redrive = graphql(`mutation RedriveQuarantined($registry: Registry!, $codes: [ID!]) { redriveQuarantined(registry: $registry, codes: $codes) { tried taken } }`);

export const Resume = graphql(`mutation ResumeFeed($registry: Registry!, $allowDeletes: Boolean!) { resumeFeed(registry: $registry, allowDeletes: $allowDeletes) }`);

export const Conflicts = graphql(`
  query Conflicts($state: ConflictState, $after: String) {
    conflicts(first: 50, state: $state, after: $after) {
      nodes {
        id type field departmentCodes ownSource ownVersion otherSource otherVersion holds state openedAt decidedAt decidedBy because
        check { state dueOn departmentCode } told { source version value }
      }
      endCursor hasNextPage
    }
  }
`);

export const Keep = graphql(`mutation KeepValue($id: ID!, $because: String!) { keepValue(id: $id, because: $because) { id state } }`);

export const Take = graphql(`mutation TakeValue($id: ID!, $because: String!, $otherVersion: String!) { takeValue(id: $id, because: $because, otherVersion: $otherVersion) { id state } }`);

export const RequestCheck = graphql(`mutation RequestCheck($id: ID!, $because: String!) { requestCheck(id: $id, because: $because) { id state } }`);
