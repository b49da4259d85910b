-- Spatial types and functions (EPSG:4490 is among its reference systems). A role that may not create extensions needs
-- an administrator to run this once.
CREATE EXTENSION IF NOT EXISTS postgis;
