//! Companies as both systems hold them: GHL's businesses, Insightly's organisations.

mod fields;

pub use fields::{COMPANY, COMPANY_ADDRESS, COMPANY_NAME, COMPANY_PHONE, COMPANY_WEBSITE};
