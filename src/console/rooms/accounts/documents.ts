/** What the accounts' room asks. */
import { graphql } from '../../api/graphql.ts';

/** Who may come in, and with what: accounts, administrators, applications, ends of keys. */
export const Admitted = graphql(`
  query Admitted {
    departments { code name }
    accounts { name administrator administratorName role departmentCode departmentName openedAt resetAt resetBy closedAt mustChangePassword oneTimeUntil failedAttempts lockedUntil hasCode usedAt sessions }
    administrators { code name role departmentCode departmentName ofAuthority }
    consumers { code name departmentCode departmentName servicePlatform citizenPortal hubDivision requestsPerMinute }
    apiKeys { consumer administrator issuedAt expiresAt revokedAt inForce }
    tokenLinks { issuer subject consumer administrator linkedAt }
  }
`);

export const OpenAccount = graphql(`
  mutation OpenAccount($account: AccountInput!) { openAccount(account: $account) { account administrator password until } }
`);

export const ResetAccount = graphql(`
  mutation ResetAccount($name: ID!) { resetAccount(name: $name) { account administrator password until } }
`);

export const UnlockAccount = graphql(`
  mutation UnlockAccount($name: ID!) { unlockAccount(name: $name) }
`);

export const CloseAccount = graphql(`
  mutation CloseAccount($name: ID!) { closeAccount(name: $name) }
`);

export const IssueKey = graphql(`
  mutation IssueKey($holder: KeyHolderInput!, $days: Int) { issueKey(holder: $holder, days: $days) { key } }
`);

export const RotateKeys = graphql(`
  mutation RotateKeys($holder: KeyHolderInput!, $overlapHours: Int!, $days: Int) { rotateKeys(holder: $holder, overlapHours: $overlapHours, days: $days) { key } }
`);

export const RevokeKeys = graphql(`
  mutation RevokeKeys($holder: KeyHolderInput!) { revokeKeys(holder: $holder) }
`);

export const LinkToken = graphql(`
  mutation LinkToken($holder: KeyHolderInput!, $subject: String!) { linkToken(holder: $holder, subject: $subject) }
`);

export const UnlinkToken = graphql(`
  mutation UnlinkToken($subject: String!) { unlinkToken(subject: $subject) }
`);

export const RegisterConsumer = graphql(`
  mutation RegisterConsumer($consumer: ConsumerInput!) { registerConsumer(consumer: $consumer) }
`);

export const SetRequestsPerMinute = graphql(`
  mutation SetRequestsPerMinute($consumer: ID!, $requestsPerMinute: Int) { setRequestsPerMinute(consumer: $consumer, requestsPerMinute: $requestsPerMinute) }
`);
