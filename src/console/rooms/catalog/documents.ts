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
