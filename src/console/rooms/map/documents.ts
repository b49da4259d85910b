/** What the room of the map asks. */
import { graphql } from '../../api/graphql.ts';

export const Divisions = graphql(`
  query Divisions($parentCode: String) {
    divisionFigures(parentCode: $parentCode) { countedAt divisions { divisionCode name level parentCode figures { registry recordType inTens count } } }
    divisionShapes(parentCode: $parentCode) { divisionCode geometry drawnFrom }
  }
`);
