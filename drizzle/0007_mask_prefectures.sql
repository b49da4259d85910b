-- Addresses again: a county's part holds no autonomous prefecture (自治州). PostgreSQL takes the longest way to read a text and
-- JavaScript the first one; with this there is one way. All parts are optional, so the pattern is found in every text.

CREATE OR REPLACE FUNCTION hub_mask_address_county(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT substring(left(value, 40) FROM '^(?:[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿]+(?:省|自治区))?(?:[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿]+(?:市|盟|自治州|地区))?(?:(?:(?!自治州)[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿])+[县区旗市])?') || '****'
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION hub_mask_address_township(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(substring(left(value, 40) FROM '^(?:[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿]+(?:省|自治区))?(?:[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿]+(?:市|盟|自治州|地区))?(?:(?:(?!自治州)[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿])+[县区旗市])?[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店]{1,7}(?:镇|乡|街道)') || '****', hub_mask_address_county(value))
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION hub_mask_address_village(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(substring(left(value, 40) FROM '^(?:[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿]+(?:省|自治区))?(?:[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿]+(?:市|盟|自治州|地区))?(?:(?:(?!自治州)[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店社街路巷小园院校厂馆属苑矿])+[县区旗市])?[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店]{1,7}(?:镇|乡|街道)[^\t\n\r -~０-９省市盟县区旗镇乡村号组栋楼幢室户店]{1,8}(?:村|社区|居委会)') || '****', hub_mask_address_township(value))
$$;
