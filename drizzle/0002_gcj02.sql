-- GCJ-02 for answers: the forward offset of src/registries/spatial/crs.ts, in SQL, so that a geometry leaves the
-- database as the GeoJSON that the caller asked for. The two must agree (test/registries/spatial/crs-sql.test.ts).
-- PostgreSQL >= 15 with PostGIS >= 3.3. Not for storing: the hub stores EPSG:4490 only.

-- One position in EPSG:4490 or EPSG:4326 -> {longitude, latitude} in GCJ-02; unchanged outside the offset rectangle.
CREATE OR REPLACE FUNCTION hub_gcj02_lon_lat(longitude double precision, latitude double precision)
RETURNS double precision[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  x constant double precision := longitude - 105;
  y constant double precision := latitude - 35;
  ripple double precision;
  north double precision;
  east double precision;
  radians double precision;
  curve double precision;
BEGIN
  IF NOT (longitude BETWEEN 72.004 AND 137.8347 AND latitude BETWEEN 0.8293 AND 55.8271) THEN
    RETURN ARRAY[longitude, latitude];
  END IF;
  ripple := 20 * sin(6 * x * pi()) + 20 * sin(2 * x * pi());
  north := -100 + 2 * x + 3 * y + 0.2::float8 * y * y + 0.1::float8 * x * y + 0.2::float8 * sqrt(abs(x))
    + (ripple + 20 * sin(y * pi()) + 40 * sin(y / 3 * pi()) + 160 * sin(y / 12 * pi()) + 320 * sin(y / 30 * pi())) * 2 / 3;
  east := 300 + x + 2 * y + 0.1::float8 * x * x + 0.1::float8 * x * y + 0.1::float8 * sqrt(abs(x))
    + (ripple + 20 * sin(x * pi()) + 40 * sin(x / 3 * pi()) + 150 * sin(x / 12 * pi()) + 300 * sin(x / 30 * pi())) * 2 / 3;
  radians := latitude / 180 * pi();
  curve := 1 - 0.00669342162296594323::float8 * power(sin(radians), 2);
  RETURN ARRAY[
    longitude + east * 180 / (6378245 / sqrt(curve) * cos(radians) * pi()),
    latitude + north * 180 / (6378245 * (1 - 0.00669342162296594323::float8) / (curve * sqrt(curve)) * pi())
  ];
END
$$;
--> statement-breakpoint
-- A geometry in EPSG:4490 (or 4326) -> GeoJSON in GCJ-02 with 6 decimals, converted point by point. Height and
-- measure are dropped. Curves, surfaces and any other reference system are refused: unconverted, they would be wrong
-- by half a kilometre and look right.
CREATE OR REPLACE FUNCTION hub_gcj02_geojson(shape geometry)
RETURNS json LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  kind constant text := substr(ST_GeometryType(shape), 4);
  depth int;
  coordinates text;
  place double precision[];
BEGIN
  IF ST_SRID(shape) NOT IN (4490, 4326) THEN
    RAISE EXCEPTION 'hub_gcj02_geojson takes longitude and latitude in EPSG:4490 or EPSG:4326' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF kind = 'Point' AND NOT ST_IsEmpty(shape) THEN
    -- Most records have one point: without the query below they cost a tenth.
    place := hub_gcj02_lon_lat(ST_X(shape), ST_Y(shape));
    RETURN ('{"type":"Point","coordinates":[' || trim_scale(round(place[1]::numeric, 6)) || ','
      || trim_scale(round(place[2]::numeric, 6)) || ']}')::json;
  END IF;
  IF kind = 'GeometryCollection' THEN
    SELECT string_agg(hub_gcj02_geojson(ST_GeometryN(shape, n))::text, ',' ORDER BY n) INTO coordinates
      FROM generate_series(1, ST_NumGeometries(shape)) AS n;
    RETURN ('{"type":"GeometryCollection","geometries":[' || coalesce(coordinates, '') || ']}')::json;
  END IF;
  depth := CASE kind
    WHEN 'Point' THEN 0 WHEN 'MultiPoint' THEN 1 WHEN 'LineString' THEN 1
    WHEN 'MultiLineString' THEN 2 WHEN 'Polygon' THEN 2 WHEN 'MultiPolygon' THEN 3 END;
  IF depth IS NULL THEN
    RAISE EXCEPTION 'hub_gcj02_geojson does not convert a %', kind USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF ST_IsEmpty(shape) THEN
    RETURN ST_AsGeoJSON(shape, 6, 0)::json;
  END IF;
  WITH position AS MATERIALIZED (
    SELECT path, hub_gcj02_lon_lat(ST_X(geom), ST_Y(geom)) AS moved FROM ST_DumpPoints(shape)
  ), written AS (
    SELECT path,
      '[' || trim_scale(round(moved[1]::numeric, 6)) || ',' || trim_scale(round(moved[2]::numeric, 6)) || ']' AS pair
    FROM position
  ), line AS (
    SELECT path[:depth - 1] AS path, string_agg(pair, ',' ORDER BY path[depth]) AS pairs FROM written GROUP BY 1
  ), rings AS (
    SELECT path[:depth - 2] AS path, string_agg('[' || pairs || ']', ',' ORDER BY path[depth - 1]) AS lines FROM line GROUP BY 1
  )
  SELECT CASE depth
    WHEN 1 THEN (SELECT '[' || pairs || ']' FROM line)
    WHEN 2 THEN (SELECT '[' || lines || ']' FROM rings)
    ELSE (SELECT '[' || string_agg('[' || lines || ']', ',' ORDER BY path[1]) || ']' FROM rings) END
  INTO coordinates;
  RETURN ('{"type":"' || kind || '","coordinates":' || coordinates || '}')::json;
END
$$;
