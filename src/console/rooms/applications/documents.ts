/** What the room of applications asks, and its moves. */
import { graphql } from '../../api/graphql.ts';

/** A page of what concerns whoever looks. */
export const Applications = graphql(`
  query Applications($as: ApplicationParty, $states: [ApplicationState!], $first: Int!, $after: String) {
    applications(as: $as, states: $states, first: $first, after: $after) {
      nodes {
        number consumer departmentCode state version purpose matters validTo
        lines { line item reviewedBy decision }
        reviews { departmentCode state version }
        deadlines { rule departmentCode dueOn metOn provisional escalatedAt }
      }
      endCursor hasNextPage
    }
  }
`);

/** One application with everything that was done to it. */
export const OneApplication = graphql(`
  query OneApplication($number: ID!) {
    application(number: $number) {
      number consumer departmentCode state version matters legalBasis scenario purpose validFrom validTo activatedAt supersedes raisesQuotaOf
      lines { line item uses modes mask bounds { ownRows division { by codes } category registrar case list authorization } quotaPerDay reviewedBy decision reason }
      reviews { departmentCode state version }
      deadlines { rule departmentCode startedOn workingDays dueOn metOn provisional escalatedAt }
      moves { verb reviewOf from to at by role departmentCode party words }
    }
  }
`);

/** Moves of an application, by the name of the move. */
export const moves = {
  submit: graphql(`mutation SubmitApplication($number: ID!, $version: Int!, $words: String) { submitApplication(number: $number, version: $version, words: $words) { number } }`),
  withdraw: graphql(`mutation WithdrawApplication($number: ID!, $version: Int!, $words: String) { withdrawApplication(number: $number, version: $version, words: $words) { number } }`),
  return: graphql(`mutation ReturnApplication($number: ID!, $version: Int!, $words: String!) { returnApplication(number: $number, version: $version, words: $words) { number } }`),
  refuse: graphql(`mutation RefuseApplication($number: ID!, $version: Int!, $words: String!) { refuseApplication(number: $number, version: $version, words: $words) { number } }`),
  pass: graphql(`mutation PassApplication($number: ID!, $version: Int!, $words: String) { passApplication(number: $number, version: $version, words: $words) { number } }`),
  suspend: graphql(`mutation SuspendApplication($number: ID!, $version: Int!, $words: String!) { suspendApplication(number: $number, version: $version, words: $words) { number } }`),
  resume: graphql(`mutation ResumeApplication($number: ID!, $version: Int!, $words: String) { resumeApplication(number: $number, version: $version, words: $words) { number } }`),
  revoke: graphql(`mutation RevokeApplication($number: ID!, $version: Int!, $words: String!) { revokeApplication(number: $number, version: $version, words: $words) { number } }`),
  suspendItems: graphql(`mutation SuspendItems($number: ID!, $version: Int!, $words: String!) { suspendItems(number: $number, version: $version, words: $words) { number } }`),
  resumeItems: graphql(`mutation ResumeItems($number: ID!, $version: Int!, $words: String) { resumeItems(number: $number, version: $version, words: $words) { number } }`),
  revokeItems: graphql(`mutation RevokeItems($number: ID!, $version: Int!, $words: String!) { revokeItems(number: $number, version: $version, words: $words) { number } }`),
} as const;

/** A department's answer about its own items. */
export const ReviewApplication = graphql(`
  mutation ReviewApplication($number: ID!, $version: Int!, $decisions: [LineDecisionInput!]!, $words: String) {
    reviewApplication(number: $number, version: $version, decisions: $decisions, words: $words) { number }
  }
`);

/** Which items an operation takes, and which of them the consumer lacks. */
export const ItemsOfOperation = graphql(`
  query ItemsOfOperation($consumer: ID!, $document: String!) {
    itemsNeeded(consumer: $consumer, document: $document) { item itemName ownerDepartmentCode shareType at uses lacking applicable because apply masked }
  }
`);

/** The same of what a matter asks for. */
export const ItemsOfMatter = graphql(`
  query ItemsOfMatter($consumer: ID!, $matter: String!) {
    itemsNeededByMatter(consumer: $consumer, matter: $matter) { item itemName ownerDepartmentCode shareType at uses lacking applicable because apply masked }
  }
`);

export const ApplyForOperation = graphql(`
  mutation ApplyForOperation($consumer: ID!, $document: String!, $application: OperationApplicationInput!) {
    applyForOperation(consumer: $consumer, document: $document, application: $application) { number }
  }
`);

export const ApplyForMatter = graphql(`
  mutation ApplyForMatter($consumer: ID!, $matter: String!, $application: OperationApplicationInput!) {
    applyForMatter(consumer: $consumer, matter: $matter, application: $application) { number }
  }
`);

export const EditApplication = graphql(`
  mutation EditApplication($number: ID!, $version: Int!, $application: ApplicationInput!) {
    editApplication(number: $number, version: $version, application: $application) { number }
  }
`);

export const RenewApplication = graphql(`
  mutation RenewApplication($number: ID!, $version: Int!, $validTo: Date!) {
    renewApplication(number: $number, version: $version, validTo: $validTo) { number }
  }
`);
