/**
 * What the room of the map asks: counts and shapes of divisions, and of records only what is open to whoever is registered. Rights in real
 * estate and their holders are not asked for: they are for applications under a grant.
 */
import { graphql } from '../../api/graphql.ts';

export const Divisions = graphql(`
  query Divisions($parentCode: String) {
    divisionFigures(parentCode: $parentCode) { countedAt divisions { divisionCode name level parentCode figures { registry recordType inTens count } } }
    divisionShapes(parentCode: $parentCode) { divisionCode geometry drawnFrom }
  }
`);

/** How the addresses of a division begin. */
export const AddressesBegin = graphql(`
  query AddressesBegin($prefix: String!) {
    standardAddresses(first: 1, where: { divisionCode: { startsWith: $prefix } }) { nodes { province city county township village } }
  }
`);

export const FindAddresses = graphql(`
  query FindAddresses($first: Int!, $where: StandardAddressFilter!, $parts: Boolean!, $street: StandardAddressFilter, $compound: StandardAddressFilter) {
    whole: standardAddresses(first: $first, where: $where, orderBy: [{ field: fullText }]) { nodes { addressCode fullText } pageInfo { hasNextPage } }
    byStreet: standardAddresses(first: $first, where: $street) @include(if: $parts) { nodes { addressCode fullText } pageInfo { hasNextPage } }
    byCompound: standardAddresses(first: $first, where: $compound) @include(if: $parts) { nodes { addressCode fullText } pageInfo { hasNextPage } }
  }
`);

export const FindUnits = graphql(`
  query FindUnits($first: Int!, $where: RealEstateUnitFilter!) {
    realEstateUnits(first: $first, where: $where) { nodes { unitNo location } pageInfo { hasNextPage } }
  }
`);

export const FindBuildings = graphql(`
  query FindBuildings($first: Int!, $where: BuildingFilter!) {
    buildings(first: $first, where: $where) { nodes { buildingCode name location } pageInfo { hasNextPage } }
  }
`);

export const FindPlaceNames = graphql(`
  query FindPlaceNames($first: Int!, $where: PlaceNameFilter!) {
    placeNames(first: $first, where: $where) { nodes { placeCode standardName division { name } } pageInfo { hasNextPage } }
  }
`);

export const AddressFacts = graphql(`
  query AddressFacts($code: String!) {
    standardAddress(addressCode: $code) {
      addressCode fullText province city county township village groupNo street lane doorPlate compound buildingNo unit floor room accuracy status aliasOf geometry
      division { name divisionCode } building { buildingCode name } realEstateUnits(first: 10) { nodes { unitNo } }
    }
  }
`);

export const UnitFacts = graphql(`
  query UnitFacts($code: String!) {
    realEstateUnit(unitNo: $code) {
      unitNo location area useCode geometry
      division { name divisionCode } address { addressCode fullText } building { buildingCode name }
    }
  }
`);

export const BuildingFacts = graphql(`
  query BuildingFacts($code: String!) {
    building(buildingCode: $code) {
      buildingCode name location useCode structureCode floorsAbove floorsBelow height grossArea completedOn status geometry
      division { name divisionCode } addresses(first: 10) { nodes { addressCode fullText } } realEstateUnits(first: 10) { nodes { unitNo } }
    }
  }
`);

export const PlaceNameFacts = graphql(`
  query PlaceNameFacts($code: String!) {
    placeName(placeCode: $code) { placeCode standardName romanName nameTibetan categoryCode meaning origin establishedOn status geometry division { name divisionCode } }
  }
`);

/** Outlines of what stands around a place, to know it by. */
export const BuildingsAround = graphql(`
  query BuildingsAround($box: BoxInput!) { buildings(first: 200, where: { geometry: { box: $box } }) { nodes { buildingCode name geometry } } }
`);
