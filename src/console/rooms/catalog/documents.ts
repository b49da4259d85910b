/** What the catalog's room asks. */
import { graphql } from '../../api/graphql.ts';

/** The whole catalog: some hundred items, which are searched and filtered where they are looked at. */
export const WholeCatalog = graphql(`
  query Catalog {
    catalogResources { code name departmentCode departmentName providerUscc abstract formatCategory formatType formatNote shareType shareMode openCondition updateCycle publishedOn relatedCodes state version }
    catalogItems { code name ownerDepartmentCode ownerDepartmentName shareType keyShareType condition sensitivity open updateCycle standard dataType dataLength mask coordinates definition version resource }
  }
`);

/** Who may have an item, over all purposes that it may name. */
export const WhoMaySee = graphql(`
  query WhoMaySee($item: String!, $use: Use!, $mode: Mode!) {
    whoMaySee(item: $item, use: $use, mode: $mode) {
      consumer consumerName departmentCode allowed rule because takesMatter takesCase until
      ways { rule approvalNo mask rows }
    }
  }
`);

/** What an item was before. */
export const CatalogItemStates = graphql(`
  query CatalogItemStates($item: String!) {
    catalogItemStates(item: $item) { at by item { name shareType keyShareType condition sensitivity open version } }
  }
`);

/** Drafts that are one's own department's; all of them, for the data authority. */
export const CatalogDrafts = graphql(`
  query CatalogDrafts {
    catalogDrafts { number resource departmentCode withdraws basis itemCount content state version moves { verb from to at by words } }
  }
`);

/** What a resource was before. */
export const CatalogResourceStates = graphql(`
  query CatalogResourceStates($resource: String!) {
    catalogResourceStates(resource: $resource) { name state abstract updateCycle version at by }
  }
`);

/** The catalog as a file. */
export const CatalogFile = graphql(`
  query CatalogFile($format: CatalogFormat!, $departmentCode: String) { catalogFile(format: $format, departmentCode: $departmentCode) }
`);

export const SetSharing = graphql(`
  mutation SetSharing($item: String!, $version: ID!, $shareType: ShareType!, $keyShareType: ShareType, $condition: String!, $open: Boolean!) {
    setSharing(item: $item, version: $version, shareType: $shareType, keyShareType: $keyShareType, condition: $condition, open: $open) { code }
  }
`);

export const DraftResource = graphql(`mutation DraftResource($resource: CatalogResourceInput!) { draftResource(resource: $resource) { number } }`);
export const EditDraft = graphql(`mutation EditDraft($number: ID!, $version: Int!, $resource: CatalogResourceInput!) { editDraft(number: $number, version: $version, resource: $resource) { number } }`);
export const DraftWithdrawal = graphql(`mutation DraftWithdrawal($resource: String!, $basis: String!) { draftWithdrawal(resource: $resource, basis: $basis) { number } }`);
export const ImportCatalog = graphql(`mutation ImportCatalog($csv: String!) { importCatalog(csv: $csv) { number } }`);

/** Moves of a draft, by the name of the move. */
export const draftMoves = {
  submit: graphql(`mutation SubmitDraft($number: ID!, $version: Int!, $words: String) { submitDraft(number: $number, version: $version, words: $words) { number } }`),
  abandon: graphql(`mutation AbandonDraft($number: ID!, $version: Int!, $words: String) { abandonDraft(number: $number, version: $version, words: $words) { number } }`),
  return: graphql(`mutation ReturnDraft($number: ID!, $version: Int!, $words: String!) { returnDraft(number: $number, version: $version, words: $words) { number } }`),
  publish: graphql(`mutation PublishDraft($number: ID!, $version: Int!, $words: String) { publishDraft(number: $number, version: $version, words: $words) { number } }`),
} as const;
