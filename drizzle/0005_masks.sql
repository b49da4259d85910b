-- Masks: what src/sharing/mask.ts does, in SQL, so that what a mask hides never leaves the database. The two must agree
-- (test/query/masks.test.ts). PostgreSQL >= 15, database encoding UTF8; nothing here hangs on a locale.
--
-- Every function is one expression, so that PostgreSQL puts it into the statement instead of calling it. That is also why
-- none is declared STRICT: it would not be put in place then, because of its CASE. Null gives null all the same.

CREATE OR REPLACE FUNCTION hub_mask_name(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN char_length(value) < 2 OR left(value, 1) = '*' THEN '**'
    WHEN char_length(value) > 2 AND left(value, 2) IN (
      '欧阳', '司马', '诸葛', '上官', '皇甫', '尉迟', '公孙', '慕容', '夏侯', '令狐', '司徒', '司空', '司寇', '长孙', '宇文', '端木', '独孤', '南宫', '万俟', '闻人', '赫连',
      '澹台', '宗政', '濮阳', '公冶', '太叔', '申屠', '仲孙', '钟离', '鲜于', '闾丘', '亓官', '颛孙', '漆雕', '乐正', '拓跋', '轩辕', '呼延', '羊舌', '淳于', '单于', '公羊', '贺兰', '完颜'
    ) THEN left(value, 2) || '**'
    -- ascii() is the code point of the first character: Tibetan letters.
    WHEN ascii(value) BETWEEN 3904 AND 4028 THEN
      coalesce(substring(value FROM '^[\u0f40-\u0fbc]{2,7}(?=[^\u0f40-\u0fbc])'), left(value, 1)) || '**'
    ELSE left(value, 1) || '**' END
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION hub_mask_id_number_strict(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN char_length(value) < 8 THEN '*****************'
    ELSE left(value, 1) || '***************' || right(left(value, 18), 1) END
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION hub_mask_id_number(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN char_length(value) >= 18 THEN left(value, 6) || '********' || substr(value, 15, 4)
    ELSE hub_mask_id_number_strict(value) END
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION hub_mask_phone(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN char_length(value) = 11 AND left(value, 1) = '1' THEN left(value, 3) || '****' || right(value, 4)
    WHEN char_length(value) < 7 THEN '***********'
    ELSE '*********' || right(value, 2) END
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION hub_mask_bank_card(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN char_length(value) < 12 THEN '****************' ELSE '************' || right(value, 4) END
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION hub_mask_email(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN value IS NULL THEN NULL
    WHEN strpos(value, '@') = 0 OR strpos(substr(value, strpos(value, '@') + 1), '@') > 0
      OR char_length(value) - strpos(value, '@') > 64 THEN '**'
    WHEN strpos(value, '@') < 3 OR left(value, 1) = '*' THEN '**' || substr(value, strpos(value, '@'))
    ELSE left(value, 1) || '**' || substr(value, strpos(value, '@')) END
$$;
--> statement-breakpoint
-- All parts are optional, so the pattern is found in every text.
CREATE OR REPLACE FUNCTION hub_mask_address_county(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT substring(left(value, 40) FROM '^(?:[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿]+(?:省|自治区))?(?:[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿]+(?:市|盟|自治州|地区))?(?:[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿]+[县区旗市])?') || '****'
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION hub_mask_address_township(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(substring(left(value, 40) FROM '^(?:[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿]+(?:省|自治区))?(?:[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿]+(?:市|盟|自治州|地区))?(?:[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿]+[县区旗市])?[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店]{1,7}(?:镇|乡|街道)') || '****', hub_mask_address_county(value))
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION hub_mask_address_village(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(substring(left(value, 40) FROM '^(?:[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿]+(?:省|自治区))?(?:[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿]+(?:市|盟|自治州|地区))?(?:[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿]+[县区旗市])?[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店]{1,7}(?:镇|乡|街道)[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店]{1,8}(?:村|社区|居委会)') || '****', hub_mask_address_township(value))
$$;
--> statement-breakpoint
-- Not date_trunc(), which goes by the session's time zone. An infinite date has no year.
CREATE OR REPLACE FUNCTION hub_mask_birth_year(value date) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN isfinite(value) THEN make_date(extract(year FROM value)::int, 1, 1) END
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION hub_mask_birth_decade(value date) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN isfinite(value) THEN make_date(greatest(extract(year FROM value)::int / 10 * 10, 1), 1, 1) END
$$;
--> statement-breakpoint
-- A moment: the first of the civil year at +08:00.
CREATE OR REPLACE FUNCTION hub_mask_birth_year(value timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN isfinite(value) THEN
    hub_mask_birth_year((value AT TIME ZONE interval '8 hours')::date)::timestamp AT TIME ZONE interval '8 hours' END
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION hub_mask_birth_decade(value timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN isfinite(value) THEN
    hub_mask_birth_decade((value AT TIME ZONE interval '8 hours')::date)::timestamp AT TIME ZONE interval '8 hours' END
$$;
--> statement-breakpoint
-- floor(x + 0.5), because round() goes to the even neighbour and JavaScript's does not. An empty geometry has no box: null.
CREATE OR REPLACE FUNCTION hub_mask_coordinates(value geometry) RETURNS geometry LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ST_SetSRID(ST_MakePoint(
    floor((ST_XMin(value) + ST_XMax(value)) / 2 * 100 + 0.5) / 100,
    floor((ST_YMin(value) + ST_YMax(value)) / 2 * 100 + 0.5) / 100), ST_SRID(value))
$$;
