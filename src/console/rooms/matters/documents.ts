/** What the matters' room asks. */
import { graphql } from '../../api/graphql.ts';

/** All matters, and who handles them. */
export const AllMatters = graphql(`
  query AllMatters {
    matters { code name departmentCode participants kin needsCase publishedVersion }
    consumers { code name departmentCode departmentName }
    departments { code name }
  }
`);

/** Registers a matter, or changes it. */
export const RegisterMatter = graphql(`mutation RegisterMatter($matter: MatterInput!) { registerMatter(matter: $matter) }`);

/** Versions of what a matter asks for; drafts for the data authority only. */
export const MatterVersions = graphql(`
  query MatterVersions($matter: String!) {
    matterVersions(matter: $matter) { version revision state definition draftedBy draftedAt testedAt publishedBy publishedAt }
  }
`);

/** What a version takes of an application, and what of that it lacks. */
export const ItemsNeeded = graphql(`
  query ItemsNeededByMatter($consumer: ID!, $matter: String!, $version: Int!) {
    itemsNeededByMatter(consumer: $consumer, matter: $matter, version: $version) {
      item itemName ownerDepartmentCode shareType uses lacking applicable because apply masked takesCase at
    }
  }
`);

/** Writes the draft. */
export const DraftVersion = graphql(`
  mutation DraftMatterVersion($matter: String!, $definition: JSON!, $basedOn: ID) {
    draftMatterVersion(matter: $matter, definition: $definition, basedOn: $basedOn) { version }
  }
`);

/** Runs the draft about somebody who is not there. */
export const TestVersion = graphql(`
  mutation TestMatterVersion($matter: String!, $version: Int!, $consumer: ID!) {
    testMatterVersion(matter: $matter, version: $version, consumer: $consumer) { code name paper role index status value departmentCodes because dueOn }
  }
`);

/** Publishes it. */
export const PublishVersion = graphql(`
  mutation PublishMatterVersion($matter: String!, $version: Int!) {
    publishMatterVersion(matter: $matter, version: $version) { version }
  }
`);

/** Drafts an application for what is lacking. */
export const ApplyForMatter = graphql(`
  mutation ApplyForMatter($consumer: ID!, $matter: String!, $application: OperationApplicationInput!) {
    applyForMatter(consumer: $consumer, matter: $matter, application: $application) { number }
  }
`);
