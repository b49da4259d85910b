/**
 * Edges that start at divisions, addresses, buildings, real estate, roads and places. None leads to a natural person: an open
 * record is no way to lists of people. Divisions lead to what lies directly in them; deeper is a filter on the code.
 */
import { link } from '../links.ts';

export const links = [
  link('AdministrativeDivision.parent', 'parentCode', 'AdministrativeDivision.divisionCode'),
  link('AdministrativeDivision.subdivisions', 'divisionCode', 'AdministrativeDivision.parentCode'),
  link('AdministrativeDivision.addresses', 'divisionCode', 'StandardAddress.divisionCode'),
  link('AdministrativeDivision.roads', 'divisionCode', 'RoadSegment.divisionCode'),
  link('AdministrativeDivision.places', 'divisionCode', 'PlaceName.divisionCode'),
  link('AdministrativeDivision.buildings', 'divisionCode', 'Building.divisionCode'),
  link('AdministrativeDivision.pointsOfInterest', 'divisionCode', 'PointOfInterest.divisionCode'),
  link('AdministrativeDivision.legalEntities', 'divisionCode', 'LegalEntity.domicileDivisionCode'),

  link('StandardAddress.division', 'divisionCode', 'AdministrativeDivision.divisionCode'),
  link('StandardAddress.building', 'buildingCode', 'Building.buildingCode'),
  link('StandardAddress.canonical', 'aliasOf', 'StandardAddress.addressCode'),
  link('StandardAddress.realEstateUnits', 'addressCode', 'RealEstateUnit.addressCode'),
  link('StandardAddress.legalEntities', 'addressCode', 'LegalEntity.domicileAddressCode'),
  link('StandardAddress.pointsOfInterest', 'addressCode', 'PointOfInterest.addressCode'),

  link('PlaceName.division', 'divisionCode', 'AdministrativeDivision.divisionCode'),
  link('Building.division', 'divisionCode', 'AdministrativeDivision.divisionCode'),
  link('Building.addresses', 'buildingCode', 'StandardAddress.buildingCode'),
  link('Building.realEstateUnits', 'buildingCode', 'RealEstateUnit.buildingCode'),
  link('RealEstateUnit.division', 'divisionCode', 'AdministrativeDivision.divisionCode'),
  link('RealEstateUnit.address', 'addressCode', 'StandardAddress.addressCode'),
  link('RealEstateUnit.building', 'buildingCode', 'Building.buildingCode'),
  link('RealEstateUnit.holderEntities', 'holderUsccs', 'LegalEntity.uscc'),
  link('RoadSegment.division', 'divisionCode', 'AdministrativeDivision.divisionCode'),
  link('PointOfInterest.division', 'divisionCode', 'AdministrativeDivision.divisionCode'),
  link('PointOfInterest.address', 'addressCode', 'StandardAddress.addressCode'),
];
