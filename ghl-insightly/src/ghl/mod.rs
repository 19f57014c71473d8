//! The GHL side: what one location holds.

mod appointment_endpoint;
mod appointment_mapper;
mod assigned;
mod company_endpoint;
mod company_mapper;
mod company_names;
mod contact_endpoint;
mod contact_mapper;
mod failure;
mod location;
mod note_endpoint;
mod note_mapper;
mod open_tasks;
mod parent;
mod place;
mod task_endpoint;
mod task_mapper;

pub use appointment_endpoint::GhlAppointments;
pub use appointment_mapper::GhlAppointmentMapper;
pub use company_endpoint::{GhlCompanies, GhlCompanyCall};
pub use company_mapper::GhlCompanyMapper;
pub use company_names::CompanyNames;
pub use contact_endpoint::{GhlCall, GhlContact, GhlContacts};
pub use contact_mapper::GhlContactMapper;
pub use failure::connector_error;
pub use location::GhlLocation;
pub use note_endpoint::{GhlNoteCall, GhlNotes};
pub use note_mapper::GhlNoteMapper;
pub use task_endpoint::{GhlTaskCall, GhlTasks};
pub use task_mapper::GhlTaskMapper;
